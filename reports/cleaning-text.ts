import type { CleaningRecord, ColumnStatistics, FittedStep } from '../pipelines/contracts/cleaning-record.ts';
import { plainLine } from './escape-markdown.ts';

/** What a recipe learnt, step by step, and which tables were cleaned by it, for a terminal. */
export function cleaningText(
  { fitted, steps }: CleaningRecord,
  written: readonly { data: string; file: string; rows: number }[],
): string {
  let before = fitted.rows;
  const lines = steps.flatMap((step) => {
    const gone = before - step.rows;
    before = step.rows;
    return describeStep(step, gone);
  });
  return [
    `Learnt from ${plainLine(fitted.data)}, ${fitted.rows} rows:`,
    ...lines,
    ...written.map(({ data, file, rows }) => `${plainLine(file)}: ${rows} rows, from ${plainLine(data)}`),
  ].join('\n');
}

function describeStep({ step, statistics }: FittedStep, gone: number): string[] {
  const rows = gone === 0 ? '' : `: ${gone} rows dropped`;
  const named =
    step.do === 'drop_rows' ? step.missing : 'columns' in step ? step.columns : (step.by ?? ['all columns']);
  if (statistics.length === 0) return [`  ${step.do} ${named.map((name) => plainLine(name, 60)).join(', ')}${rows}`];
  return statistics.map(
    (one) => `  ${step.do} ${plainLine(one.column, 60)}: ${learnt(one)}${one.touched} values changed`,
  );
}

function learnt({ value, low, high, kept }: ColumnStatistics): string {
  if (value !== undefined) return `${JSON.stringify(plainLine(value, 60))}, `;
  if (low !== undefined && high !== undefined) return `${plainLine(low, 40)} to ${plainLine(high, 40)}, `;
  return kept === undefined ? '' : `${kept.length} values kept, `;
}
