import type { Attribution, Attributions } from '../contracts/explanation.ts';
import { mean, variance } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { LEVEL } from './describe-importance.ts';
import type { FeatureColumn, FeatureColumns } from './predictor.ts';
import type { ShapleyValues } from './shapley-values.ts';

type Subject = { rows: FeatureColumns; background: number; outputs: readonly string[] };

/**
 * What each input adds to each output over the explained rows: mean |SHAP| with the interval of that mean over rows, largest
 * first, and for the `drawn` largest of every output its points.
 */
export function summariseAttributions(
  { rows, background, outputs }: Subject,
  shapley: ShapleyValues,
  drawn: number,
): Attributions {
  const features = Object.keys(rows);
  const count = shapley.predictions.length / outputs.length;
  const summaries = outputs.flatMap((output, index) =>
    features
      .map((feature, at) => {
        const shap = Float64Array.from(
          { length: count },
          (_, row) => shapley.values[(row * features.length + at) * outputs.length + index] ?? 0,
        );
        return { feature, output, shap, ...absoluteMean(shap) };
      })
      .toSorted((left, right) => right.meanAbsolute - left.meanAbsolute)
      .map(
        ({ shap, ...summary }, place): Attribution => ({
          ...summary,
          points: place < drawn ? points(rows[summary.feature] ?? [], shap) : [],
        }),
      ),
  );
  return {
    method: shapley.method,
    rows: count,
    background,
    coalitions: shapley.coalitions,
    baseline: [...shapley.baseline],
    features: summaries,
  };
}

function absoluteMean(shap: Float64Array): Pick<Attribution, 'meanAbsolute' | 'interval'> {
  const sizes = shap.map(Math.abs);
  const meanAbsolute = mean(sizes);
  if (sizes.length < 2) return { meanAbsolute, interval: null };
  const { low, high, level } = normalInterval(meanAbsolute, Math.sqrt(variance(sizes) / sizes.length), LEVEL);
  return { meanAbsolute, interval: { low: Math.max(0, low), high, level } };
}

/** Three digits tell colours and places apart; more would only make the document longer. */
function points(column: FeatureColumn, shap: Float64Array): Attribution['points'] {
  const places = placesOf(column);
  return Array.from(shap, (value, row) => ({ place: places[row] ?? null, shap: Number(value.toPrecision(3)) }));
}

/** Share of the other values that are smaller, ties counting half. */
function placesOf(column: FeatureColumn): (number | null)[] {
  if (!(column instanceof Float64Array)) return column.map(() => null);
  const sorted = column.filter(Number.isFinite).sort();
  return Array.from(column, (value) => {
    if (!Number.isFinite(value)) return null;
    const [first, last] = [sorted.indexOf(value), sorted.lastIndexOf(value)];
    return sorted.length < 2 ? 0.5 : Number(((first + last) / 2 / (sorted.length - 1)).toFixed(3));
  });
}
