import type { Delta } from '../contracts/comparison.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { LEVEL } from '../evaluation/estimate.ts';
import { type JudgedRows, rowCount } from '../evaluation/judged-rows.ts';
import { binaryForm } from './binary-form.ts';
import { canonicalPlaces, compareAnswers } from './canonical-rows.ts';
import { compareArea } from './compare-area.ts';
import { compareMeans } from './compare-means.ts';
import type { CompareOptions } from './compare-options.ts';
import { multiclassForm } from './multiclass-form.ts';
import { multilabelForm } from './multilabel-form.ts';
import type { PairedForm, Units } from './paired-form.ts';
import { rankingForm } from './ranking-form.ts';
import { regressionForm } from './regression-form.ts';
import { resampleCounts } from './resample-counts.ts';
import { resampleRows } from './resample-rows.ts';
import { turnDelta } from './turn-delta.ts';

/**
 * The paired difference head - base of each metric with its 95 % interval and tests: DeLong for the area under the ROC
 * curve, McNemar for shares of right decisions, the paired t test for means of losses, and a seeded bootstrap of both
 * models on the same rows for everything else, the same draws for all. Rows that belong together are always drawn
 * together. Null where either side is undefined. Neither the order of rows nor which model is called base changes more
 * than the sign.
 */
export function compareMetrics(
  names: readonly MetricName[],
  base: JudgedRows,
  head: JudgedRows,
  options: CompareOptions,
): (Delta | null)[] {
  const turned = compareAnswers(head, base) < 0;
  const [first, second] = turned ? [head, base] : [base, head];
  const forms = names.map((name) => formOf(name, first, second));
  const direct = forms.map((form) => (form === null ? null : withoutRows(form, options)));
  const open = forms.flatMap((form, at) => (form !== null && direct[at] === undefined ? [form] : []));
  const rows = rowCount(first);
  const unitsOf = (): Units => options.cluster ?? { of: canonicalPlaces(first, second), count: rows };
  const drawn = resampleRows(open, { rows, unitsOf }, { ...options, level: LEVEL });
  return forms.map((form, at) => {
    const delta = direct[at] === undefined && form !== null ? drawn[open.indexOf(form)] : direct[at];
    return delta == null ? null : turned ? turnDelta(delta) : delta;
  });
}

function formOf(name: MetricName, first: JudgedRows, second: JudgedRows): PairedForm | null {
  if (first.task === 'binary' && second.task === 'binary') return binaryForm(name, first, second);
  if (first.task === 'multiclass' && second.task === 'multiclass') return multiclassForm(name, first, second);
  if (first.task === 'multilabel' && second.task === 'multilabel') return multilabelForm(name, first, second);
  if (first.task === 'regression' && second.task === 'regression') return regressionForm(name, first, second);
  if (first.task === 'ranking' && second.task === 'ranking') return rankingForm(name, first, second);
  return null;
}

/** What needs no rows to be drawn again; undefined when it does. */
function withoutRows(form: PairedForm, options: CompareOptions): Delta | null | undefined {
  if (form.kind === 'means' && form.of === 'queries') return compareMeans(form, LEVEL);
  if (options.cluster !== null) return undefined;
  switch (form.kind) {
    case 'area':
      return compareArea(form, LEVEL);
    case 'means':
      return compareMeans(form, LEVEL);
    case 'counts':
      return resampleCounts(form, { ...options, level: LEVEL });
    case 'rows':
      return undefined;
  }
}
