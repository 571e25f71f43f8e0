import type { Gate } from '../config/gate-schema.ts';
import type { SliceMetric } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { type JudgedRows, partRows, rowCount } from '../evaluation/judged-rows.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { measureMetrics } from '../evaluation/measure-metric.ts';
import { clusterOfPart } from './cluster-of-part.ts';
import { compareMetric } from './compare-metric.ts';
import type { CompareOptions } from './compare-options.ts';
import { meanCalibration } from './mean-calibration.ts';

/** Draws in a slice, of which there may be many. */
const DRAWS = 500;

type Rows = { base: JudgedRows | null; head: JudgedRows };
type Slice = SliceMetric['slice'];
type Question = {
  metric: MetricName | 'calibration';
  columns: readonly string[] | null;
  slice: Slice | null;
  paired: boolean;
};

/**
 * Every metric that a gate wants of a slice, measured for both models there, and compared where the gate compares. Slices
 * that are too small are measured all the same: the gate says so.
 */
export function measureAskedSlices(
  gates: readonly Gate[],
  groups: readonly GroupColumn[],
  rows: Rows,
  options: CompareOptions,
): SliceMetric[] {
  const questions = gates.flatMap(questionsOf);
  const found = new Map<string, SliceMetric>();
  for (const question of questions) {
    for (const { slice, codes, parts } of partsOf(question, groups, rows)) {
      const key = JSON.stringify([question.metric, slice]);
      const known = found.get(key);
      if (known !== undefined && (known.delta !== null || !question.paired)) continue;
      const cluster = codes === null ? options.cluster : clusterOfPart(options.cluster, codes.of, codes.code);
      const own = { ...options, resamples: Math.min(DRAWS, options.resamples), cluster };
      found.set(key, { slice, ...measure(question, parts, own) });
    }
  }
  return [...found.values()];
}

function questionsOf(gate: Gate): Question[] {
  if ('calibration' in gate) {
    const metric = gate.calibration === 'ece' ? 'ece' : 'calibration';
    return [
      {
        metric,
        columns: gate.by === undefined ? null : [gate.by],
        slice: gate.by === undefined ? [] : null,
        paired: false,
      },
    ];
  }
  if (!('metric' in gate) || (gate.slice === undefined && gate.slices === undefined)) return [];
  const { metric } = gate;
  const paired = !('min' in gate || 'max' in gate);
  const slice = gate.slice && Object.entries(gate.slice).map(([by, group]) => ({ by, group }));
  const columns = gate.slices === undefined || gate.slices === 'all' ? null : gate.slices;
  return [{ metric, columns, slice: slice ?? null, paired }];
}

type Part = { slice: Slice; codes: { of: Float64Array; code: number } | null; parts: Rows };

function partsOf({ columns, slice }: Question, groups: readonly GroupColumn[], rows: Rows): Part[] {
  if (slice !== null) {
    if (slice.length === 0) return [{ slice, codes: null, parts: rows }];
    const inside = membership(slice, groups, rowCount(rows.head));
    return [{ slice, codes: { of: inside, code: 1 }, parts: partOf(rows, 2, inside, 1) }];
  }
  return groups
    .filter(({ by }) => columns === null || columns.includes(by))
    .flatMap(({ by, names, codes }) => {
      const heads = partRows(rows.head, names.length, codes);
      const bases = rows.base && partRows(rows.base, names.length, codes);
      return names.flatMap((group, code) => {
        const head = heads[code];
        if (head === undefined) return [];
        return [{ slice: [{ by, group }], codes: { of: codes, code }, parts: { base: bases?.[code] ?? null, head } }];
      });
    });
}

function partOf({ base, head }: Rows, groups: number, codes: Float64Array, code: number): Rows {
  return {
    base: base && (partRows(base, groups, codes)[code] ?? null),
    head: partRows(head, groups, codes)[code] ?? head,
  };
}

/** 1 for the rows that have every value of the slice; a value that no row has gives an empty slice. */
function membership(slice: Slice, groups: readonly GroupColumn[], rows: number): Float64Array {
  const inside = new Float64Array(rows).fill(1);
  for (const { by, group } of slice) {
    const column = groups.find((one) => one.by === by);
    const code = column?.names.indexOf(group) ?? -1;
    for (let row = 0; row < rows; row += 1) if (column?.codes[row] !== code) inside[row] = 0;
  }
  return inside;
}

function measure(
  { metric, paired }: Question,
  { base, head }: Rows,
  options: CompareOptions,
): Omit<SliceMetric, 'slice'> {
  const n = rowCount(head);
  if (metric === 'calibration') {
    const after = meanCalibration(head);
    const before = base && meanCalibration(base);
    return {
      n,
      metric,
      base: before?.value ?? null,
      head: after?.value ?? null,
      interval: after?.interval ?? null,
      delta: null,
    };
  }
  const [after] = measureMetrics([metric], head, options);
  const [before] = base === null ? [] : measureMetrics([metric], base, { resamples: 1 });
  return {
    n,
    metric,
    base: before?.value ?? null,
    head: after?.value ?? null,
    interval: after?.interval ?? null,
    delta: paired && base !== null && n > 0 ? compareMetric(metric, base, head, options) : null,
  };
}
