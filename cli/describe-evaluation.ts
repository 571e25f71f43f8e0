import type { Evaluation, MetricName, PartMetric, WorstSlices } from '../pipelines/contracts/evaluation.ts';
import { formatChange, formatCount, formatNumber } from '../reports/format-number.ts';
import { metricTitle } from '../reports/metric-title.ts';
import { describeRobustness } from '../reports/robustness-table.ts';
import type { Terminal } from './verb.ts';

/** Slices and classes of one column that are shown; the document has them all. */
const mostRows = 20;

/** An evaluation for a terminal: every metric with its interval and what a dummy gets, slices, classes, and where it errs most. */
export function describeEvaluation(evaluation: Evaluation, { paint }: Pick<Terminal, 'paint'>): string {
  const { model, sha256, holdout, task, threshold, metrics, undefinedMetrics = [], cost } = evaluation;
  const width = Math.max(0, ...[...metrics, ...undefinedMetrics].map(({ name }) => metricTitle(name).length));
  const rows = metrics.map(({ name, value, interval, baseline }) => {
    const range = interval === null ? '' : `[${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`;
    const dummy = baseline === undefined ? '' : `  ${baseline.predictor}: ${formatNumber(baseline.value)}`;
    return `  ${metricTitle(name).padEnd(width)}  ${formatNumber(value).padStart(8)}  ${paint('dim', `${range.padEnd(20)}${dummy}`)}`.trimEnd();
  });
  const missing = undefinedMetrics.map(
    ({ name, reason }) =>
      `  ${metricTitle(name).padEnd(width)}  ${'–'.padStart(8)}  ${paint('dim', `undefined: ${reason}`)}`,
  );
  const days = holdout.from === null ? '' : `, ${holdout.from} to ${holdout.to}`;
  const decided = threshold === null ? '' : `, threshold ${threshold}`;
  return [
    paint('bold', `${clean(model)}, ${task}${decided}, sha256 ${sha256.slice(0, 12)}`),
    `${formatCount(holdout.rows)} ${holdout.rows === 1 ? 'row' : 'rows'} (${clean(holdout.rule)}${days}); 95 % intervals; beside them what a predictor without inputs gets`,
    ...rows,
    ...missing,
    ...describeClasses(evaluation, paint),
    ...describeSlices(evaluation, paint),
    ...describeWorst(evaluation.worstSlices, paint),
    ...(cost === undefined
      ? []
      : [
          `  ${formatNumber(cost.latencyP95Ms)} ms for one row (95th percentile), ${Math.round(cost.rowsPerSecond)} rows a second`,
        ]),
    ...describeBearing(evaluation.robustness),
  ].join('\n');
}

type Paint = Terminal['paint'];

/** What inputs that are not as they were do to the model, with the first failures by column and value. */
function describeBearing(robustness: Evaluation['robustness']): string[] {
  if (robustness === undefined) return [];
  const failures = robustness.perturbations.flatMap(({ column, value, failure }) =>
    failure === null ? [] : [`  ${clean(column)} ${clean(value)}: ${clean(failure.message)}`],
  );
  return [`  One input at a time spoilt: ${describeRobustness(robustness)}`, ...failures.slice(0, 5)];
}

function describeClasses({ byClass = [] }: Evaluation, paint: Paint): string[] {
  if (byClass.length === 0) return [];
  const rows = byClass.slice(0, mostRows).map(({ class: name, n, metrics }) => ({ name, n, metrics }));
  return [paint('bold', 'By class'), ...table(rows), ...more(byClass.length)];
}

function describeSlices({ slices = [], metrics, undefinedMetrics = [] }: Evaluation, paint: Paint): string[] {
  const shown = [...metrics, ...undefinedMetrics].slice(0, 4).map(({ name }) => name);
  const columns = [...new Set(slices.map(({ by }) => by))];
  return columns.flatMap((by) => {
    const own = slices.filter((slice) => slice.by === by);
    const rows = own.slice(0, mostRows).map(({ group, n, metrics: found }) => ({
      name: group,
      n,
      metrics: found.filter(({ name }) => shown.includes(name)),
    }));
    return [paint('bold', `By ${clean(by)}`), ...table(rows), ...more(own.length)];
  });
}

/** One line a slice or class: how many rows, and a value and interval for each metric. */
function table(rows: readonly { name: string; n: number; metrics: readonly PartMetric[] }[]): string[] {
  const names: MetricName[] = rows[0]?.metrics.map(({ name }) => name) ?? [];
  const cells = [
    ['', 'n', ...names.map(metricTitle)],
    ...rows.map(({ name, n, metrics }) => [
      clean(name),
      formatCount(n),
      ...metrics.map(({ value, interval }) =>
        interval === null
          ? formatNumber(value)
          : `${formatNumber(value)} [${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`,
      ),
    ]),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return cells.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function more(count: number): string[] {
  return count <= mostRows ? [] : [`  and ${count - mostRows} more`];
}

function describeWorst(worst: WorstSlices | undefined, paint: Paint): string[] {
  if (worst === undefined || worst.tested === 0) return [];
  const { loss, overall, tested, minSize, slices, rows } = worst;
  const shown = slices.filter(({ adjustedP }) => adjustedP < 0.05).slice(0, 5);
  const lines = shown.map(({ where, n, value, difference, interval, adjustedP }) => {
    const name = where.map(({ by, group }) => `${clean(by)} = ${clean(group)}`).join(', ');
    const p = adjustedP < 0.0001 ? 'p < 0.0001' : `p ${adjustedP.toFixed(4)}`;
    const change = `${formatChange(difference)} [${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`;
    return `  ${name}: ${formatNumber(value)} on ${formatCount(n)} rows, ${change} against the rest, ${p}`;
  });
  const looked = `${formatCount(tested)} slices of ${formatCount(minSize)} rows or more, of ${formatCount(rows)} rows; p by Holm over all of them`;
  const title =
    shown.length === 0
      ? `No slice has a higher ${loss} than the rest by more than chance`
      : `Highest ${loss} (${formatNumber(overall)} over all)`;
  return [paint('bold', title), ...lines, paint('dim', `  looked at ${looked}`)];
}

/** Names come from data: nothing in them may move the cursor or turn the text around. */
function clean(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 59)}…` : text;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are exactly what must go.
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '·');
}
