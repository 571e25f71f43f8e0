import type { SweepPlan, SweepResult } from '../pipelines/contracts/sweep.ts';
import { formatNumber } from './format-number.ts';
import { briefNote, parameterNames, printParameter } from './sweep-columns.ts';

export type SweepTextOptions = {
  /** Where all of it is kept. */
  folder: string;
  paint(style: 'bold' | 'dim' | 'green' | 'red', text: string): string;
};

/** A finished sweep for a terminal: the last rung ranked, the winner, and how to take it over. */
export function sweepText(
  plan: SweepPlan,
  results: readonly SweepResult[],
  { folder, paint }: SweepTextOptions,
): string {
  const result = results.at(-1);
  if (result === undefined) return 'Nothing was trained.';
  const names = parameterNames(result.trials);
  const rows = result.trials.map(({ number, rank, value, parameters, status }) => [
    rank === null ? '–' : String(rank),
    String(number),
    value === null ? status : formatNumber(value),
    ...names.map((name) => printParameter(parameters[name])),
  ]);
  const header = ['rank', 'trial', `${result.metric} (${result.basis})`, ...names];
  const widths = header.map((cell, column) => Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const winner = result.trials.find(({ number }) => number === result.winner);
  const notes = result.trials
    .filter(({ note }) => note !== '')
    .map(({ number, note }) => `trial ${number}: ${briefNote(note)}`);
  return [
    paint('bold', line(header)),
    ...rows.map((row, index) => (result.trials[index] === winner ? paint('green', line(row)) : line(row))),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => paint('red', note))]),
    '',
    ...(winner === undefined
      ? ['No trial has a value, so there is no best one.']
      : [
          `Best: trial ${winner.number}, by the ${result.rule}.`,
          ...(results.length > 1 ? [`It came through ${results.length} rungs of ${plan.halving?.parameter}.`] : []),
          'The best of many looks better than it is; the pull request judges it on rows that no trial was ranked by.',
          `Take it over:  pulltrain run ${names.map((name) => `--set ${quote(`${name}=${printParameter(winner.parameters[name])}`)}`).join(' ')}`,
        ]),
    paint('dim', `Kept in ${folder}`),
  ].join('\n');
}

function quote(text: string): string {
  return /^[\w.=:,/+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
