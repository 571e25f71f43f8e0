import { isStatus } from '../../adapters/github/is-status.ts';
import { type Judgement, judgementSchema, type RunEntry, runEntrySchema } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { planJudgeFailure } from '../../pipelines/publication/plan-judge-failure.ts';
import {
  judgementArtifact,
  judgementPath,
  planJudgement,
  runPath,
} from '../../pipelines/publication/plan-judgement.ts';
import { applyPlan } from '../apply-plan.ts';
import type { WorkflowRunEvent } from '../events/workflow-run-event.ts';
import { judgementViews } from '../judgement-views.ts';
import type { BotPorts } from '../ports.ts';
import { readArtifact } from '../read-artifact.ts';
import { readConfig } from '../read-config.ts';

const judgeWorkflow = '.github/workflows/judge.yml';
const trainWorkflow = '.github/workflows/train.yml';

/**
 * Journey "experiment", last step: the judgement that the default branch's judge made becomes a record, a comment and
 * the end of the check. Everything is looked up again: the event only says which run to look at.
 */
export async function handleJudgeRun(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  if (event.path !== judgeWorkflow || event.cause !== 'workflow_run' || !event.trusted) return;
  if (event.conclusion === 'skipped') return;
  const judgement = await readJudgement(event, ports);
  if (judgement instanceof PulltrainError) {
    await reportFailure(event, judgement, ports);
    return;
  }
  const { change, key } = judgement.evaluated;
  const { owner, repo } = event.place;
  const pull = await ports.github.rest.pulls.get({ owner, repo, pull_number: change.pull });
  const recorded = await ports.ledger.read(judgementPath(judgement.model, change.headSha));
  const recordedRun = key === null ? null : await ports.ledger.read(runPath(key));
  const plan = planJudgement(
    {
      judgement,
      judgeRunId: event.runId,
      pull: { headSha: pull.data.head.sha, open: pull.data.state === 'open' },
      recorded: parseRecord<Judgement>(recorded, judgementSchema),
      recordedRun: parseRecord<RunEntry>(recordedRun, runEntrySchema),
    },
    judgementViews(judgement, event.url),
  );
  await applyPlan(plan, event.place, ports);
}

async function readJudgement(event: WorkflowRunEvent, { github }: BotPorts): Promise<Judgement | PulltrainError> {
  const { owner, repo } = event.place;
  const artifact = {
    runId: event.runId,
    name: judgementArtifact,
    file: 'judgement.json',
    allowed: ['judgement.json', 'comment.md', 'profile.json'],
  };
  try {
    const parsed = judgementSchema.safeParse(await readArtifact(github, event.place, artifact));
    if (!parsed.success) {
      return new PulltrainError('judgement-unreadable', { what: 'not a judgement', cause: parsed.error });
    }
    if (parsed.data.evaluated.change.repository.toLowerCase() !== `${owner}/${repo}`.toLowerCase()) {
      return new PulltrainError('judgement-foreign', { what: 'the judgement is about another repository' });
    }
    return parsed.data;
  } catch (error) {
    if (error instanceof PulltrainError) return error;
    throw error;
  }
}

/** A record of an older version of the format counts as none: the new one replaces it. */
function parseRecord<Value>(
  document: unknown,
  schema: { safeParse(document: unknown): { success: boolean; data?: Value | undefined } },
): Value | null {
  return schema.safeParse(document).data ?? null;
}

/**
 * A run of `workflow_run` does not say what started it; `run-name: Judge <id of the training run>` of the default
 * branch's workflow does.
 */
async function reportFailure(event: WorkflowRunEvent, fault: PulltrainError, ports: BotPorts): Promise<void> {
  const { owner, repo } = event.place;
  ports.log.error(
    { run: event.runId, code: fault.code, reason: fault.message },
    'a judge run ended without a judgement',
  );
  const trainRunId = Number(/^Judge (\d{1,15})$/.exec(event.title)?.[1]);
  const config = await readConfig(ports.github, event.place);
  if (config === null) return;
  if (!Number.isSafeInteger(trainRunId)) {
    ports.log.error(
      { run: event.runId, title: event.title },
      'judge.yml lacks its run-name, so the check cannot be found',
    );
    return;
  }
  const headSha = await readHeadOfTraining(trainRunId, event, ports);
  if (headSha === null) return;
  const models = Object.keys(config.models);
  const records = await Promise.all(models.map((model) => ports.ledger.read(judgementPath(model, headSha))));
  const judged = models.filter((_, index) => records[index] !== null);
  const reason =
    event.conclusion === 'success'
      ? 'The judge run ended without a usable judgement.'
      : 'The judge run failed before it reached a judgement.';
  await applyPlan(planJudgeFailure({ headSha, models, judged, reason, url: event.url }), { owner, repo }, ports);
}

async function readHeadOfTraining(
  runId: number,
  event: WorkflowRunEvent,
  { github }: BotPorts,
): Promise<string | null> {
  const { owner, repo } = event.place;
  try {
    const { data } = await github.rest.actions.getWorkflowRun({ owner, repo, run_id: runId });
    const isTraining = data.path.replace(/@.*$/, '') === trainWorkflow && data.event === 'pull_request';
    return isTraining ? data.head_sha : null;
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}
