import type { Explanation, ModelExplanation, RowExplanation } from '../pipelines/contracts/explanation.ts';
import { plainLine } from './escape-markdown.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';

/** Colours a text where a person looks at a terminal. */
type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

const mostInputs = 20;
const mostOutputs = 10;
const widestBar = 24;
/** Characters of a name. */
const longest = 40;

/** An explanation for a terminal: bars of importance and of SHAP values, what changed from base, and why a row got its answer. */
export function renderExplanationText(explanation: Explanation, paint: Paint): string {
  const { model, head, metric, sample } = explanation;
  const score = `${metricTitle(metric.name)} ${formatNumber(head.score)}`;
  return [
    paint('bold', `${plainLine(model, longest)}, sha256 ${head.sha256.slice(0, 12)}`),
    `${formatCount(sample.rows)} of ${formatCount(sample.of)} rows, seed ${sample.seed}: ${score} there; 95 % intervals`,
    '',
    paint('bold', `How much worse ${metricTitle(metric.name)} gets when an input is shuffled, ${sample.repeats} times`),
    ...importance(explanation, paint),
    ...attributions(head, paint),
    ...(explanation.row === undefined ? [] : rowLines(explanation.row, paint)),
  ].join('\n');
}

function importance({ head, base, change }: Explanation, paint: Paint): string[] {
  if (head.importance.length === 0) return ['  The metric is undefined on these rows.'];
  const changes = new Map(change.map((one) => [one.feature, one]));
  const lines = bars(
    head.importance.map(({ feature, value, interval }) => {
      const delta = changes.get(feature)?.delta;
      const changed =
        base === null
          ? ''
          : delta == null
            ? '  new'
            : `  ${formatChange(delta.value)} from base${delta.interval === null ? '' : ` [${formatChange(delta.interval.low)}, ${formatChange(delta.interval.high)}]`}`;
      return { name: feature, value, note: `${range(interval)}${changed}` };
    }),
    paint,
  );
  const gone = change.filter((one) => one.head === null).map(({ feature }) => plainLine(feature, longest));
  return [...lines, ...(gone.length === 0 ? [] : [`  no longer there: ${gone.slice(0, mostInputs).join(', ')}`])];
}

function attributions({ attributions: found }: ModelExplanation, paint: Paint): string[] {
  if (found === null) return [];
  const outputs = [...new Set(found.features.map(({ output }) => output))];
  const how =
    found.method === 'exact'
      ? `exactly, over ${formatCount(found.coalitions)} coalitions`
      : `by ${formatCount(found.coalitions)} coalitions`;
  return outputs.slice(0, mostOutputs).flatMap((output) => [
    '',
    paint(
      'bold',
      `How far an input moves the ${answer(output)} on average: mean |SHAP value| of ${formatCount(found.rows)} rows, ${how}`,
    ),
    ...bars(
      found.features
        .filter((one) => one.output === output)
        .map(({ feature, meanAbsolute, interval }) => ({ name: feature, value: meanAbsolute, note: range(interval) })),
      paint,
    ),
  ]);
}

function rowLines({ row, method, outputs }: RowExplanation, paint: Paint): string[] {
  return outputs.slice(0, mostOutputs).flatMap(({ output, baseline, prediction, contributions }) => {
    const shown = contributions.slice(0, mostInputs);
    const rest = contributions.slice(mostInputs).reduce((sum, { shap }) => sum + shap, 0);
    return [
      '',
      paint(
        'bold',
        `Why row ${row} got ${formatNumber(prediction)}${output === 'score' ? '' : ` for ${plainLine(output, longest)}`}, ${method}`,
      ),
      `  ${formatNumber(baseline)} is the mean ${answer(output)}`,
      ...bars(
        shown.map(({ feature, value, shap }) => ({
          name: `${feature} = ${value === null ? 'missing' : typeof value === 'number' ? String(Number(value.toPrecision(6))) : value}`,
          value: shap,
          note: '',
        })),
        paint,
        formatChange,
      ),
      ...(contributions.length > shown.length
        ? [`  ${formatChange(rest)} by ${contributions.length - shown.length} more inputs`]
        : []),
      `  ${formatNumber(prediction)} is the sum`,
    ];
  });
}

type Bar = { name: string; value: number; note: string };

/** One line each: name, bar, number, note; what is left of zero is drawn lighter. */
function bars(rows: readonly Bar[], paint: Paint, format: (value: number) => string = formatNumber): string[] {
  const shown = rows.slice(0, mostInputs);
  const names = shown.map(({ name }) => plainLine(name, longest));
  const width = Math.max(0, ...names.map((name) => name.length));
  const most = Math.max(...shown.map(({ value }) => Math.abs(value)));
  const lines = shown.map(({ value, note }, at) => {
    const length = most > 0 ? Math.round((Math.abs(value) / most) * widestBar) : 0;
    const bar = (value < 0 ? '░' : '█').repeat(length).padEnd(widestBar);
    const text = `  ${(names[at] ?? '').padEnd(width)}  ${bar}  ${format(value).padStart(8)}`;
    return note === '' ? text : `${text}  ${paint('dim', note)}`;
  });
  return rows.length > shown.length ? [...lines, `  and ${rows.length - shown.length} more`] : lines;
}

function range(interval: { low: number; high: number } | null): string {
  return interval === null ? '' : `[${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`;
}

function answer(output: string): string {
  return output === 'score' ? 'answer' : `answer for ${plainLine(output, longest)}`;
}
