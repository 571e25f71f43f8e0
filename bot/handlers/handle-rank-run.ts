import { replyMarker } from '../../pipelines/commands/reply-marker.ts';
import {
  type SweepPlan,
  type SweepResult,
  sweepPlanSchema,
  sweepResultSchema,
} from '../../pipelines/contracts/sweep.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';
import { countRungs, planRung } from '../../pipelines/sweeps/plan-rung.ts';
import { parseSweepTitle, sweepPlanPath, sweepResultPath } from '../../pipelines/sweeps/sweep-paths.ts';
import { renderSweep } from '../../reports/render-sweep.ts';
import { applyPlan } from '../apply-plan.ts';
import type { WorkflowRunEvent } from '../events/workflow-run-event.ts';
import { isTrustedRun } from '../is-trusted-run.ts';
import type { BotPorts } from '../ports.ts';
import { readArtifact } from '../read-artifact.ts';
import { sweepDispatch } from '../sweep-dispatch.ts';

const rank = { workflow: '.github/workflows/rank.yml', causes: ['workflow_run'] };

/**
 * Journey "sweep", last step: what the default branch's rank job found becomes a record and the table in the pull request;
 * where a sweep has another rung, the trials that came through are dispatched. The first result of a rung counts.
 */
export async function handleRankRun(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  if (!(await isTrustedRun(event, rank, ports))) return;
  const artifact = {
    runId: event.runId,
    name: 'pulltrain-sweep',
    file: 'sweep-result.json',
    allowed: ['sweep-result.json'],
  };
  const result = await readArtifact(ports.github, event.place, artifact).then(
    (document) => sweepResultSchema.parse(document),
    (fault: unknown) => {
      if (fault instanceof PulltrainError && fault.code === 'artifact-missing') return null;
      throw fault;
    },
  );
  if (result === null) return tellStopped(event, ports);
  const plan = sweepPlanSchema.parse(await ports.ledger.read(sweepPlanPath(result.sweep)));
  const { pull } = plan;
  if (pull === null || integrityOfDocument(plan) !== result.plan) {
    throw new PulltrainError('sweep-foreign', {
      what: 'the result is of another plan than the ledger has',
      where: result.sweep,
    });
  }
  const path = sweepResultPath(result.sweep, result.rung);
  if ((await ports.ledger.read(path)) !== null) return;

  const results = [...(await readBefore(result.sweep, result.rung, ports.ledger)), result];
  const rungs = countRungs(plan);
  const hasValue = result.trials.some(({ rank: place }) => place !== null);
  const next = result.rung < rungs && hasValue ? planRung(plan, results) : [];
  const url = next.length === 0 ? event.url : await startNext(result, plan, next, event, ports);
  const marker = replyMarker(pull.comment);
  const table = renderSweep({ plan, results, rungs, running: next.length, url });
  const best = result.winner === null ? '' : `, trial ${result.winner} is best`;
  await applyPlan(
    [
      { do: 'upsert-comment', issue: pull.number, marker, body: `${marker}\n${table}\n` },
      // Last: from here on the rung counts as ranked.
      {
        do: 'write-ledger',
        entries: [{ path, document: result }],
        message: `Record rung ${result.rung} of sweep ${result.sweep}${best}`,
      },
    ],
    event.place,
    ports,
  );
}

/** No result: the trials were cancelled, or ranking broke. The title says of which sweep, and it is only asked for words. */
async function tellStopped(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  const sweep = parseSweepTitle(event.title.replace(/^Rank /, ''));
  if (sweep === null) return;
  const plan = sweepPlanSchema.safeParse(await ports.ledger.read(sweepPlanPath(sweep.id))).data;
  if (plan === undefined || plan.pull === null) return;
  if ((await ports.ledger.read(sweepResultPath(sweep.id, sweep.rung))) !== null) return;
  const results = await readBefore(sweep.id, sweep.rung, ports.ledger);
  const why = event.conclusion === 'skipped' ? 'its trials were cancelled' : 'it could not be ranked';
  const stopped = `The sweep stopped in rung ${sweep.rung}: ${why}.`;
  const marker = replyMarker(plan.pull.comment);
  const table = renderSweep({ plan, results, rungs: countRungs(plan), running: 0, url: event.url, stopped });
  await applyPlan(
    [{ do: 'upsert-comment', issue: plan.pull.number, marker, body: `${marker}\n${table}\n` }],
    event.place,
    ports,
  );
}

async function startNext(
  { sweep: id, rung }: SweepResult,
  plan: SweepPlan,
  trials: ReturnType<typeof planRung>,
  event: WorkflowRunEvent,
  ports: BotPorts,
): Promise<string> {
  const [applied] = await applyPlan([sweepDispatch({ id, rung: rung + 1 }, plan, trials)], event.place, ports);
  return applied?.url ?? event.url;
}

async function readBefore(sweep: string, rung: number, ledger: Ledger): Promise<SweepResult[]> {
  const before: SweepResult[] = [];
  for (let earlier = 1; earlier < rung; earlier += 1) {
    before.push(sweepResultSchema.parse(await ledger.read(sweepResultPath(sweep, earlier))));
  }
  return before;
}
