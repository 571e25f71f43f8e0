import type { ClassResult, Evaluation, Group, MetricName, MetricValue, Slice } from '../contracts/evaluation.ts';
import { oneAgainstRest } from '../statistics/class-counts.ts';
import { baselinesOf } from './baseline-of.ts';
import { conventionsOf } from './conventions-of.ts';
import { findWorstSlices } from './find-worst-slices.ts';
import { binaryRows, type JudgedRows, partRows, rowCount } from './judged-rows.ts';
import { makeCurves } from './make-curves.ts';
import { type GroupColumn, measureGroup } from './measure-groups.ts';
import { measureMetrics } from './measure-metric.ts';
import { multiclassDecisions } from './measure-multiclass.ts';
import { labelTables } from './measure-multilabel.ts';
import { rowLoss } from './row-loss.ts';

/** Draws of a bootstrap in a slice or class; of more than 50 of one column fewer. */
const sliceResamples = 500;
const manySlices = { from: 50, resamples: 200 };

/** Columns to look for bad slices in, over all rows or over every `step`-th. */
export type SearchColumns = { columns: readonly GroupColumn[]; step: number };

export type MeasuredRows = Pick<
  Evaluation,
  'metrics' | 'undefinedMetrics' | 'groups' | 'conventions' | 'slices' | 'byClass' | 'curves' | 'worstSlices'
>;

/**
 * All that the labels and answers of a model tell about it: every metric with its interval and what a dummy would get, the
 * same by slice and class, what charts are drawn from, and where it errs most. The first metric leads the search.
 */
export function measureRows(
  names: readonly MetricName[],
  rows: JudgedRows,
  { by, search, classes }: { by: readonly GroupColumn[]; search: SearchColumns; classes?: readonly string[] },
): MeasuredRows {
  const measured = measureMetrics(names, rows);
  const baselines = baselinesOf(names, rows);
  const metrics: MetricValue[] = [];
  const missing: NonNullable<Evaluation['undefinedMetrics']> = [];
  for (const { name, value, interval, n, method, reason = '' } of measured) {
    const baseline = baselines.get(name);
    if (value === null) missing.push({ name, value, reason, n });
    else {
      metrics.push({
        name,
        value,
        interval,
        n,
        ...(method === undefined ? {} : { method }),
        ...(baseline === undefined ? {} : { baseline }),
      });
    }
  }
  const parted = by.map((column) => measureSlices(names, rows, column));
  const byClass = measureClasses(rows);
  const worstSlices = searchSlices(names[0], rows, search);
  return {
    metrics,
    ...(missing.length === 0 ? {} : { undefinedMetrics: missing }),
    conventions: conventionsOf(names, rows.task),
    groups: parted.flatMap(({ groups }) => groups),
    ...(by.length === 0 ? {} : { slices: parted.flatMap(({ slices }) => slices) }),
    ...(byClass === null ? {} : { byClass }),
    curves: makeCurves(rows, classes),
    ...(worstSlices === null ? {} : { worstSlices }),
  };
}

/** Every metric in every group of a column, and the rates that fairness goes by. */
function measureSlices(
  names: readonly MetricName[],
  rows: JudgedRows,
  { by, names: groupNames, codes }: GroupColumn,
): { slices: Slice[]; groups: Group[] } {
  const parts = partRows(rows, groupNames.length, codes);
  const resamples = parts.length > manySlices.from ? manySlices.resamples : sliceResamples;
  const slices = parts.map((part, code) => ({
    by,
    group: groupNames[code] ?? '',
    n: rowCount(part),
    metrics: measureMetrics(names, part, { resamples }).map(({ method: _, ...metric }) => metric),
  }));
  const groups = parts.map((part, code) =>
    part.task === 'binary' ? measureGroup({ by, group: groupNames[code] ?? '' }, part) : null,
  );
  return { slices, groups: groups.filter((group) => group !== null) };
}

/** Every class against all others, every label by itself; null for a task without several. */
function measureClasses(rows: JudgedRows): ClassResult[] | null {
  if (rows.task !== 'multiclass' && rows.task !== 'multilabel') return null;
  const names: MetricName[] = [
    'precision',
    'recall',
    'f1',
    ...(rows.kind === 'none' ? [] : (['roc_auc', 'pr_auc'] as const)),
  ];
  const tables = tablesOf(rows);
  const orders = rows.kind === 'none' ? [] : rows.orders();
  return rows.classes.map((name, index) => {
    const labels =
      rows.task === 'multilabel' ? (rows.labels[index] ?? new Float64Array()) : ofClass(rows.labels, index);
    const decisions = rows.task === 'multilabel' ? (rows.decisions?.[index] ?? null) : ofClass(rows.decisions, index);
    const scores = rows.scores[index] ?? decisions ?? labels;
    const own = binaryRows(labels, scores, { threshold: null, decisions, kind: rows.kind });
    const order = orders[index];
    const table = tables[index];
    return {
      class: name,
      n: labels.reduce((sum, label) => sum + label, 0),
      predicted: table === undefined ? 0 : table.tp + table.fp,
      metrics: measureMetrics(names, order === undefined ? own : { ...own, order: () => order }, {
        resamples: sliceResamples,
      }).map(({ method: _, ...metric }) => metric),
    };
  });
}

function tablesOf(rows: Extract<JudgedRows, { task: 'multiclass' | 'multilabel' }>) {
  if (rows.task === 'multilabel') return rows.decisions === null ? [] : labelTables(rows.labels, rows.decisions);
  const { counts, summarise } = multiclassDecisions(rows);
  const summary = summarise(counts);
  return rows.classes.map((_, index) => oneAgainstRest(summary, index));
}

function ofClass(values: Float64Array, index: number): Float64Array {
  return values.map((value) => Number(value === index));
}

function searchSlices(primary: MetricName | undefined, rows: JudgedRows, { columns, step }: SearchColumns) {
  const loss = primary === undefined || columns.length === 0 ? null : rowLoss(primary, rows);
  // Of losses beyond what a number can hold, no mean is nearer to another.
  if (loss === null || !loss.values.every((value) => value < 1e150)) return null;
  const values = step === 1 ? loss.values : loss.values.filter((_, row) => row % step === 0);
  return findWorstSlices(columns, { ...loss, values });
}
