import { listArtifacts } from '../../adapters/artifacts/list-artifacts.ts';
import { listOwnIssues } from '../../adapters/issues/list-own-issues.ts';
import { type DeploymentRecord, deploymentRecordSchema } from '../../pipelines/contracts/deployment-record.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import {
  deploymentArtifacts,
  deploymentPath,
  livePath,
  planDeployment,
} from '../../pipelines/publication/plan-deployment.ts';
import { formatRollbackMarker, rollbackLabel } from '../../pipelines/publication/rollback-marker.ts';
import { applyPlan } from '../apply-plan.ts';
import type { WorkflowRunEvent } from '../events/workflow-run-event.ts';
import { isTrustedRun } from '../is-trusted-run.ts';
import { planRollback } from '../plan-rollback.ts';
import type { BotPorts } from '../ports.ts';
import { readArtifact } from '../read-artifact.ts';

const promote = { workflow: '.github/workflows/promote.yml', causes: ['push', 'workflow_dispatch'] };

/**
 * Journey "roll out", last step: how each rollout of a promotion ended becomes a record, and with it what is live. A bad
 * model is quarantined, and a pull request takes its change back, or an issue says how. Only the artifacts of a run of the
 * default branch's own workflow say so: whoever may write deployments can write anything into GitHub's deployment log.
 */
export async function handlePromoteRun(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  if (!(await isTrustedRun(event, promote, ports))) return;
  for (const record of await readRecords(event, ports)) {
    const { place } = event;
    const [recorded, live] = await Promise.all(
      [deploymentPath(record), livePath(record)].map(
        async (path) => deploymentRecordSchema.safeParse(await ports.ledger.read(path)).data ?? null,
      ),
    );
    await applyPlan(planDeployment({ record, recorded: recorded ?? null, live: live ?? null }), place, ports);
    if (record.outcome !== 'failure') continue;

    const marker = formatRollbackMarker(record);
    const { owner, repo } = place;
    const answered = await listOwnIssues(ports.github, { owner, repo }, rollbackLabel, ports.author);
    if (answered.some(({ body }) => body.split('\n', 1)[0]?.trimEnd() === marker)) continue;
    await applyPlan(await planRollback(record, place, ports), place, ports);
  }
}

/** In the order in which the rollouts began. An artifact that cannot be read is told in the log and keeps no other back. */
async function readRecords(event: WorkflowRunEvent, { github, log }: BotPorts): Promise<DeploymentRecord[]> {
  const { place, runId } = event;
  const { owner, repo } = place;
  const records: DeploymentRecord[] = [];
  for (const name of await listArtifacts(github, { owner, repo, runId, prefix: deploymentArtifacts })) {
    try {
      const artifact = { runId, name, file: 'deployment.json', allowed: ['deployment.json'] };
      const record = deploymentRecordSchema.parse(await readArtifact(github, place, artifact));
      if (record.repository.toLowerCase() !== `${owner}/${repo}`.toLowerCase()) {
        throw new PulltrainError('deployment-foreign', { what: 'the record is about another repository' });
      }
      records.push(record);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error({ run: runId, artifact: name, reason }, 'a deployment record cannot be read');
    }
  }
  return records.sort((left, right) => left.deployment - right.deployment);
}
