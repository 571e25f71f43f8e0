import type { Dependence } from '../contracts/explanation.ts';

import { mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { accumulatedEffects } from './accumulated-effects.ts';
import { chooseGrid } from './choose-grid.ts';
import { LEVEL } from './describe-importance.ts';
import type { FeatureColumn, FeatureColumns, Predictor } from './predictor.ts';

/**
 * Partial dependence (Friedman 2001) of every output on one input, with the lines of the first `lines` rows (individual
 * conditional expectation; Goldstein et al. 2015) and, for numbers, accumulated local effects. The interval of a point is
 * that of the mean over the rows. Empty for an input with fewer than two values.
 */
export async function partialDependence(
  columns: FeatureColumns,
  feature: string,
  { grid: most, lines }: { grid: number; lines: number },
  predictor: Predictor,
): Promise<Dependence[]> {
  const column = columns[feature] ?? [];
  const grid = chooseGrid(column, most);
  if (grid.values.length < 2) return [];
  const curves: Float64Array[] = [];
  for (const value of grid.values) {
    curves.push(await predictor.predict({ ...columns, [feature]: fill(column, value) }));
  }
  const effects = column instanceof Float64Array ? await accumulatedEffects(columns, feature, most, predictor) : null;
  const width = predictor.outputs.length;
  return predictor.outputs.map((output, at) => {
    const answers = curves.map((curve) => curve.filter((_, index) => index % width === at));
    const shown = Math.min(lines, column.length);
    return {
      feature,
      output,
      rows: column.length,
      points: grid.values.map((value, point) => describePoint(value, answers[point] ?? new Float64Array())),
      ...(shown === 0
        ? {}
        : { lines: Array.from({ length: shown }, (_, row) => answers.map((curve) => curve[row] ?? 0)) }),
      ...(effects === null || effects.at.length < 2
        ? {}
        : { local: effects.at.map((value, edge) => ({ at: value, effect: effects.effects[edge * width + at] ?? 0 })) }),
    };
  });
}

function fill(column: FeatureColumn, value: number | string): FeatureColumn {
  return column instanceof Float64Array
    ? new Float64Array(column.length).fill(Number(value))
    : column.map(() => String(value));
}

function describePoint(at: number | string, answers: Float64Array): Dependence['points'][number] {
  const value = mean(answers);
  if (answers.length < 2) return { at, mean: value, interval: null };
  return { at, mean: value, interval: normalInterval(value, Math.sqrt(variance(answers) / answers.length), LEVEL) };
}
