import type { RunRecord } from '../contracts/run-record.ts';
import { environmentOf, inputsOf } from './compare-runs.ts';

export type Reproduction = {
  verdict: 'bit-equal' | 'equal-within-tolerance' | 'different';
  /** Largest relative difference of a number that counts as none. */
  tolerance: number;
  /** Outputs whose bytes differ, in the order in which they were made. */
  outputs: { path: string; stage: string; before: string; now: string | null }[];
  metrics: { name: string; before: number | null; now: number | null; within: boolean }[];
  /** Largest difference of a score on the same made-up rows; null when there was nothing to compare. */
  scores: { rows: number; largest: number; within: boolean } | null;
  inputs: string[];
  environment: { name: string; before: string; now: string }[];
  /** In a sentence: what is equal, or where the first difference is and what may have caused it. */
  sentence: string;
};

/**
 * Says how a run came out when it was run again. Bit-equal: every output has the bytes it had. Equal within tolerance: every
 * reported metric and, of a model, every score on made-up rows differs by `tolerance` at most (relative to the larger of the
 * two, absolute below 1). Different: anything else, also when there is no metric and no model to compare.
 */
export function judgeReproduction(
  before: RunRecord,
  now: RunRecord,
  options: { tolerance: number; scores: { left: Float64Array; right: Float64Array } | null },
): Reproduction {
  const { tolerance } = options;
  const made = new Map(
    now.stages.flatMap(({ outputs = [] }) => outputs.map(({ path, integrity }) => [path, integrity])),
  );
  const outputs = before.stages.flatMap(({ name, outputs: own = [] }) =>
    own
      .filter(({ path, integrity }) => made.get(path) !== integrity)
      .map(({ path, integrity }) => ({ path, stage: name, before: integrity, now: made.get(path) ?? null })),
  );
  const sameModel = before.modelFile?.sha256 === now.modelFile?.sha256;
  const names = [...new Set([...Object.keys(before.reportedMetrics), ...Object.keys(now.reportedMetrics)])].sort();
  const metrics = names.map((name) => {
    const [left = null, right = null] = [before.reportedMetrics[name], now.reportedMetrics[name]];
    return {
      name,
      before: left,
      now: right,
      within: left !== null && right !== null && isClose(left, right, tolerance),
    };
  });
  const scores = sameModel ? null : compareScores(options.scores, tolerance);
  const inputs = changedNames(inputsOf(before), inputsOf(now));
  const environment = changedEnvironment(before, now);
  const compared = metrics.length > 0 || scores !== null;
  const close = metrics.every(({ within }) => within) && (sameModel || scores?.within === true);
  const hasModel = before.modelFile !== null;
  const isEqual = now.status === 'succeeded' && outputs.length === 0 && sameModel;
  const verdict = isEqual
    ? 'bit-equal'
    : now.status === 'succeeded' &&
        compared &&
        close &&
        outputs.every(({ now: found }) => found !== null) &&
        (!hasModel || now.modelFile !== null)
      ? 'equal-within-tolerance'
      : 'different';
  const facts = { verdict, tolerance, outputs, metrics, scores, inputs, environment } as const;
  return { ...facts, sentence: tell(facts, now) };
}

function tell(facts: Omit<Reproduction, 'sentence'>, now: RunRecord): string {
  const { verdict, tolerance, outputs, metrics, scores, inputs, environment } = facts;
  if (verdict === 'bit-equal') return 'Every output has the bytes it had.';
  const causes = [
    ...(inputs.length > 0 ? [`other inputs (${few(inputs)})`] : []),
    ...(environment.length > 0 ? [`another environment (${few(environment.map(({ name }) => name))})`] : []),
  ];
  const why =
    causes.length > 0
      ? ` It had ${causes.join(' and ')}.`
      : ' Inputs and environment are the same: the stage does not make the same twice.';
  if (now.failure !== null) return `It failed: ${now.failure.message}${causes.length > 0 ? why : ''}`;
  const [first] = outputs;
  const where =
    first === undefined
      ? 'The model differs'
      : `The first output that differs is ${first.path} of stage ${first.stage}`;
  if (verdict === 'equal-within-tolerance') {
    const told = [
      ...(metrics.length > 0 ? [`${metrics.length} metrics`] : []),
      ...(scores === null ? [] : [`scores on ${scores.rows} made-up rows`]),
    ];
    return `${where}, but ${told.join(' and ')} agree within ${tolerance}.${why}`;
  }
  const apart = metrics.filter(({ within }) => !within).map(({ name }) => name);
  const metricsTold = apart.length > 0 ? ` Metrics that differ by more than ${tolerance}: ${few(apart)}.` : '';
  const scoresTold = scores?.within === false ? ` Scores differ by up to ${scores.largest}.` : '';
  return `${where}.${metricsTold}${scoresTold}${why}`;
}

function compareScores(
  scores: { left: Float64Array; right: Float64Array } | null,
  tolerance: number,
): Reproduction['scores'] {
  if (scores === null) return null;
  const { left, right } = scores;
  let largest = left.length === right.length ? 0 : Number.POSITIVE_INFINITY;
  let within = left.length === right.length;
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? Number.NaN;
    largest = Math.max(largest, Math.abs(value - other));
    within &&= isClose(value, other, tolerance);
  }
  return { rows: left.length, largest, within };
}

function isClose(left: number, right: number, tolerance: number): boolean {
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
}

function changedNames(before: Record<string, string>, now: Record<string, string>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])]
    .filter((name) => before[name] !== now[name])
    .sort();
}

function changedEnvironment(before: RunRecord, now: RunRecord): Reproduction['environment'] {
  const [left, right] = [environmentOf(before), environmentOf(now)];
  const names = Object.keys(left).filter((name) => name !== 'commit' && name !== 'clean' && name in right);
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return names
    .filter((name) => text(left[name]) !== text(right[name]))
    .map((name) => ({ name, before: text(left[name]), now: text(right[name]) }));
}

function few(names: readonly string[]): string {
  return names.length <= 5 ? names.join(', ') : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}
