import { markdownTable } from 'markdown-table';
import type { SweepPlan, SweepResult } from '../pipelines/contracts/sweep.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { fitSize } from './fit-size.ts';
import { formatNumber } from './format-number.ts';
import { safeLink } from './links.ts';
import { briefNote, parameterNames, printParameter } from './sweep-columns.ts';

/** Bytes; a comment of GitHub holds 65,536 characters. */
const largest = 60_000;

export type SweepView = {
  plan: SweepPlan;
  /** Rungs that have been ranked, in order. */
  results: readonly SweepResult[];
  rungs: number;
  /** Trials under way; 0 when nothing is. */
  running: number;
  /** Page of the run that trains or ranks. */
  url?: string;
  /** Set when a rung came to no result: what happened, in our words. */
  stopped?: string;
};

/** A sweep as its pull request shows it: what was asked for, the ranked table, how the winner was picked, how to take it over. */
export function renderSweep(view: SweepView): string {
  return fitSize(
    [256, 64, 20].map((rows) => () => render(view, rows)),
    largest,
  );
}

function render({ plan, results, rungs, running, url, stopped }: SweepView, rows: number): string {
  const last = results.at(-1);
  const link = safeLink(url);
  const halted = stopped === undefined ? [] : [link === null ? stopped : `${stopped} See [the run](${link}).`];
  const going =
    stopped !== undefined
      ? halted
      : running === 0
        ? []
        : [progress({ running, rung: results.length + 1, rungs, link })];
  const subject = `of ${codeSpan(plan.model)} at ${plan.commit.slice(0, 7)}`;
  if (last === undefined) return [`### Sweep ${subject}`, '', ...going, '', described(plan)].join('\n');
  const winner = last.trials.find(({ number }) => number === last.winner);
  const head = winner === undefined ? `### Sweep ${subject}` : `### Sweep ${subject}: trial ${winner.number} is best`;
  return [
    head,
    '',
    ...(going.length === 0 ? [] : [...going, '']),
    ...(running === 0 && winner === undefined && stopped === undefined
      ? ['No trial has a value, so there is no best one.', '']
      : []),
    table(last, rows),
    '',
    basisNote(last),
    ...(winner === undefined ? [] : ['', ...takeOver(last, winner.number)]),
    '',
    described(plan),
  ].join('\n');
}

function progress({
  running,
  rung,
  rungs,
  link,
}: {
  running: number;
  rung: number;
  rungs: number;
  link: string | null;
}) {
  const which = rungs === 1 ? '' : `, rung ${rung} of ${rungs}`;
  const what = `${running} ${running === 1 ? 'trial is' : 'trials are'} being trained${which}`;
  return link === null ? `${what}.` : `[${what}](${link}).`;
}

function table({ trials, metric, basis, goal, winner }: SweepResult, rows: number): string {
  const names = parameterNames(trials);
  const shown = trials.slice(0, rows);
  const arrow = goal === 'higher' ? '↑' : '↓';
  const header = ['Rank', 'Trial', `${escapeMarkdown(metric)} ${arrow} (${basis})`, ...names.map(codeSpan), 'Note'];
  const cells = shown.map(({ number, rank, value, interval, parameters, status, note }) => [
    rank === null ? '–' : number === winner ? `**${rank}**` : String(rank),
    String(number),
    value === null
      ? status
      : `${formatNumber(value)}${interval === null ? '' : ` [${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`}`,
    ...names.map((name) => codeSpan(printParameter(parameters[name]))),
    escapeMarkdown(briefNote(note), 240),
  ]);
  const rest = trials.length - shown.length;
  const text = markdownTable([header, ...cells], { alignDelimiters: false, padding: true });
  return rest === 0 ? text : `${text}\n\nand ${rest} more, all of them in the ledger.`;
}

function basisNote({ basis, trials, metric }: SweepResult): string {
  const [best] = trials;
  const low = best?.interval;
  const alike =
    low === null || low === undefined
      ? 0
      : trials.filter(
          ({ value, rank }) => rank !== null && rank > 1 && value !== null && value >= low.low && value <= low.high,
        ).length;
  const chance =
    alike === 0 ? '' : ` ${alike} more lie within the 95 % interval of the best: the difference may be chance.`;
  if (basis === 'verified') {
    return `**Verified**: measured by Pulltrain on validation rows that no training job can read, which are not those of the holdout.${chance}`;
  }
  return `**Reported**: ${escapeMarkdown(metric)} as the training programs told it; nothing of it was measured here. Declare \`sweep.validation\` on the default branch to have trials measured.`;
}

function takeOver({ rule }: SweepResult, winner: number): string[] {
  return [
    `Trial ${winner} was picked by the ${escapeMarkdown(rule)}. The best of many looks better than it is: nothing is released by this table. ` +
      `\`/sweep apply\` puts its parameters into this branch, \`/sweep apply 5\` those of trial 5; there it is trained and judged on the holdout like any change.`,
  ];
}

function described({ method, space, trials, seed, halving }: SweepPlan): string {
  const dimensions = space.map((one) => {
    const values =
      'values' in one
        ? one.values.map(printParameter).join(', ')
        : `${one.low}..${one.high}${one.step === null ? '' : `..${one.step}`}${one.scale === 'log' ? ', log' : ''}`;
    return `${codeSpan(one.name)}: ${codeSpan(values)}`;
  });
  const how = {
    grid: 'every point of the grid',
    random: `${trials} points drawn with seed ${seed}`,
    halving: `${trials === null ? 'every point of the grid' : `${trials} points drawn with seed ${seed}`}, halved by ${codeSpan(halving?.parameter ?? '')} from ${halving?.from} to ${halving?.to}, one of ${halving?.keep} going on`,
  }[method];
  return `<sub>${how}; ${dimensions.join('; ')}</sub>`;
}
