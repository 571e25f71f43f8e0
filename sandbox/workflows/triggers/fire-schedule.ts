import { PulltrainError } from '../../../pipelines/errors.ts';
import type { Actor, RepositoryName } from '../../github/kernel.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../model/records.ts';
import { resolveCommit } from '../model/run-git.ts';
import type { WorkflowReader } from './open-workflow-reader.ts';
import { startWorkflowsOfEvent } from './start-workflows-of-event.ts';

/** Starts a scheduled workflow of the default branch now. Throws `schedule-missing` when it has no schedule. */
export async function fireSchedule(
  engine: Engine,
  readWorkflows: WorkflowReader,
  repository: RepositoryName,
  path: string,
): Promise<RunRecord> {
  const { kernel } = engine;
  const directory = kernel.gitDirectory(repository);
  const commit = await resolveCommit(directory, `refs/heads/${kernel.defaultBranch(repository)}`);
  const workflows = commit === null ? [] : await readWorkflows(directory, commit);
  const scheduled = workflows.filter(({ triggers }) => triggers.schedules.length > 0);
  const workflow = scheduled.find((one) => one.path === path);
  const [schedule] = workflow?.triggers.schedules ?? [];
  const actor = ownerOf(engine, repository);
  const [run] =
    schedule === undefined
      ? []
      : await startWorkflowsOfEvent(engine, readWorkflows, {
          name: 'schedule',
          action: null,
          repository,
          actor,
          payload: {
            schedule: schedule.cron,
            workflow: path,
            repository: kernel.repositoryPayload(repository),
            sender: kernel.actorPayload(actor),
          },
        });
  if (run !== undefined) return run;
  throw new PulltrainError('schedule-missing', {
    what: 'the default branch has no workflow with a schedule here',
    where: path,
    allowed: scheduled.map((one) => one.path).join(', ') || 'none',
  });
}

/** Scheduled runs act for the last person who changed the schedule; here that is the repository's owner. */
function ownerOf({ kernel }: Engine, repository: RepositoryName): Actor {
  const { owner } = kernel.repositoryPayload(repository);
  const id = typeof owner === 'object' && owner !== null && 'id' in owner ? Number(owner.id) : 0;
  return { kind: 'user', login: repository.owner, id };
}
