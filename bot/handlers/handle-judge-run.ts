import { findArtifact } from '../../adapters/artifacts/find-artifact.ts';
import { isStatus } from '../../adapters/github/is-status.ts';
import { type Judgement, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { planJudgeFailure } from '../../pipelines/publication/plan-judge-failure.ts';
import { judgementArtifact, judgementPath, planJudgement } from '../../pipelines/publication/plan-judgement.ts';
import { applyPlan } from '../apply-plan.ts';
import type { WorkflowRunEvent } from '../events/workflow-run-event.ts';
import { isOutdated } from '../is-outdated.ts';
import { isTrustedRun } from '../is-trusted-run.ts';
import { judgementViews } from '../judgement-views.ts';
import type { BotPorts } from '../ports.ts';
import { readArtifact } from '../read-artifact.ts';
import { readModels } from '../read-config.ts';

const judge = { workflow: '.github/workflows/judge.yml', causes: ['workflow_run'] };
const trainWorkflow = '.github/workflows/train.yml';

/**
 * Journey "experiment", last step: the judgement that the default branch's judge made becomes a record, a comment and
 * the end of the check. Everything is looked up again: the event only says which run to look at.
 */
export async function handleJudgeRun(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  if (!(await isTrustedRun(event, judge, ports))) return;
  const judgement = event.conclusion === 'skipped' ? skipped : await readJudgement(event, ports);
  if (judgement instanceof PulltrainError) {
    await reportFailure(event, judgement, ports);
    return;
  }
  const { change } = judgement.evaluated;
  const { owner, repo } = event.place;
  const [pull, page] = await Promise.all([
    ports.github.rest.pulls.get({ owner, repo, pull_number: change.pull }),
    findArtifact(ports.github, { owner, repo, runId: event.runId, name: 'report.html' }),
  ]);
  const recorded = await ports.ledger.read(judgementPath(judgement.model, change.headSha));
  const plan = planJudgement(
    {
      judgement,
      judgeRunId: event.runId,
      pull: { headSha: pull.data.head.sha, open: pull.data.state === 'open' },
      // A record of an older version of the format counts as none: the new one replaces it.
      recorded: judgementSchema.safeParse(recorded).data ?? null,
      outdated: await isOutdated(judgement, event.place, ports),
    },
    judgementViews(judgement, event.url, page?.id ?? null),
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

/** A judge run skips itself when training was cancelled or skipped: there is nothing to judge. */
const skipped = new PulltrainError('judge-skipped', { what: 'the run was skipped' });

/**
 * A run of `workflow_run` does not say what started it; the start of its `run-name`, `Judge <id of the training run>`, of
 * the default branch's workflow does. What may follow is for people and came from the pull request.
 */
async function reportFailure(event: WorkflowRunEvent, fault: PulltrainError, ports: BotPorts): Promise<void> {
  const { place, title, url, runId } = event;
  ports.log.error({ run: runId, code: fault.code, reason: fault.message }, 'a judge run ended without a judgement');
  const trainRunId = Number(/^Judge (\d{1,15})(?:: |:?$)/.exec(title)?.[1]);
  if (!Number.isSafeInteger(trainRunId)) {
    ports.log.error({ run: runId, title }, 'judge.yml lacks its run-name, so the check cannot be found');
    return;
  }
  const models = await readModels(ports.github, place);
  const training = await readTraining(trainRunId, event, ports);
  if (training === null) return;
  const { headSha, conclusion } = training;
  const records = await Promise.all(models.map((model) => ports.ledger.read(judgementPath(model, headSha))));
  const judged = models.filter((_, index) => records[index] !== null);
  const reason = reasonFor(event.conclusion, conclusion);
  await applyPlan(planJudgeFailure({ headSha, models, judged, reason, url }), place, ports);
}

function reasonFor(judging: string | null, training: string | null): string {
  if (judging === 'skipped' && (training === 'cancelled' || training === 'skipped')) {
    return `Training was ${training}, so there is nothing to judge.`;
  }
  if (judging === 'success') return 'The judge run ended without a usable judgement.';
  return 'The judge run ended before it reached a judgement.';
}

type Training = { headSha: string; conclusion: string | null };

async function readTraining(
  runId: number,
  { place }: WorkflowRunEvent,
  { github }: BotPorts,
): Promise<Training | null> {
  const { owner, repo } = place;
  try {
    const { data } = await github.rest.actions.getWorkflowRun({ owner, repo, run_id: runId });
    if (data.path.replace(/@.*$/, '') !== trainWorkflow || data.event !== 'pull_request') return null;
    return { headSha: data.head_sha, conclusion: data.conclusion };
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}
