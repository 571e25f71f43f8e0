import { type SweepPlan, type SweepResult, sweepPlanSchema, sweepResultSchema } from '../pipelines/contracts/sweep.ts';
import { sweepsFolder } from '../pipelines/sweeps/sweep-paths.ts';
import { codeSpan } from '../reports/code-span.ts';
import { printParameter } from '../reports/sweep-columns.ts';
import { applyPlan } from './apply-plan.ts';
import { editParameterFiles } from './command-sweep.ts';
import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { Answer } from './handlers/handle-comment.ts';
import type { BotPorts } from './ports.ts';
import { readOwnPull } from './read-own-pull.ts';

/** `/sweep apply [trial]`: one commit on the branch with the parameters of a trial of the newest sweep that has ended. */
export async function commandSweepApply(
  wanted: number | null,
  event: IssueCommentEvent,
  ports: BotPorts,
): Promise<Answer> {
  const refused = (message: string): Answer => ({ outcome: 'refused', message, pull: null });
  const pull = await readOwnPull(event, ports);
  if (typeof pull === 'string') return refused(pull);
  const ended = await readEnded(event.issue, ports);
  if (ended === null) return refused('No sweep of this pull request has ended yet.');
  const { plan, result } = ended;
  const number = wanted ?? result.winner;
  if (number === null) return refused('No trial of the last sweep has a value, so there is no best one.');
  const trial = result.trials.find((one) => one.number === number);
  if (trial === undefined) {
    const numbers = result.trials.map((one) => one.number).join(', ');
    return refused(`The last rung of the sweep has no trial ${number}, only ${numbers}.`);
  }

  const changes = await editParameterFiles(trial, pull.headSha, event, ports);
  if (changes.length === 0)
    return { outcome: 'done', message: `The branch has the parameters of trial ${number} already.`, pull: event.issue };
  const written = Object.entries(trial.parameters).map(([name, value]) => `${name}: ${printParameter(value)}`);
  const message = [
    `Take over trial ${number} of the sweep`,
    '',
    ...written,
    '',
    `${result.metric} ${trial.value ?? 'unknown'} (${result.basis}), rank ${trial.rank ?? 'none'} of ${result.trials.length}. Asked for by ${event.person ?? ''}.`,
  ].join('\n');
  const [applied] = await applyPlan(
    [{ do: 'push-commit', branch: pull.headRef, from: pull.headSha, message, changes }],
    event.place,
    ports,
  );
  const moved =
    pull.headSha === plan.commit
      ? ''
      : ` The sweep was trained at ${plan.commit.slice(0, 7)}; the branch has moved on since.`;
  const text = `Trial ${number} is on the branch now, as ${applied?.url?.slice(0, 7)}: ${written.map(codeSpan).join(', ')}. It is trained and judged like any push.${moved}`;
  return { outcome: 'done', message: text, pull: event.issue };
}

/** The newest sweep of a pull request whose last rung has been ranked. */
async function readEnded(pull: number, { ledger }: BotPorts): Promise<{ plan: SweepPlan; result: SweepResult } | null> {
  const paths = await ledger.list(sweepsFolder(pull));
  const newestFirst = [...new Set(paths.map((path) => Number(path.split('/')[2])))].sort((left, right) => right - left);
  for (const comment of newestFirst) {
    const folder = `${sweepsFolder(pull)}/${comment}`;
    const rungs = paths.filter((path) => path.startsWith(`${folder}/rung-`));
    for (const path of rungs.sort((left, right) => right.localeCompare(left, 'en', { numeric: true }))) {
      const result = sweepResultSchema.safeParse(await ledger.read(path)).data;
      const plan = sweepPlanSchema.safeParse(await ledger.read(`${folder}/plan.json`)).data;
      if (plan !== undefined && result !== undefined && result.rung === result.rungs) return { plan, result };
    }
  }
  return null;
}
