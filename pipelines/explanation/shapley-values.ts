import { type CoalitionPlan, coalitionPlan } from './coalition-plan.ts';
import type { FeatureColumn, FeatureColumns, Predictor } from './predictor.ts';

export type ShapleyValues = {
  method: 'exact' | 'kernel';
  /** Most coalitions that a row needed, nobody and everybody among them. */
  coalitions: number;
  /** Mean answer over the background, one per output. */
  baseline: Float64Array;
  /** rows x outputs */
  predictions: Float64Array;
  /** rows x features x outputs; those of one row and output sum to its prediction less the baseline. */
  values: Float64Array;
};

/** Rows that are asked for at once. */
const batchRows = 16_384;

/**
 * Interventional SHAP values (Lundberg & Lee 2017; Janzing et al. 2020): what the inputs of each row add to its answers, where
 * v(S) is the mean answer over the background with the inputs in S set to those of the row. An input that equals
 * all of the background adds exactly 0. `most` bounds the coalitions per row.
 */
export async function shapleyValues(
  { rows, background }: { rows: FeatureColumns; background: FeatureColumns },
  { most, seed }: { most?: number; seed: number },
  predictor: Predictor,
): Promise<ShapleyValues> {
  const features = Object.keys(rows);
  const width = predictor.outputs.length;
  const [baseline, predictions] = [
    columnMeans(await predictor.predict(background), width),
    await predictor.predict(rows),
  ];
  const count = predictions.length / width;
  const values = new Float64Array(count * features.length * width);
  const plans = new Map<number, CoalitionPlan>();
  for (let row = 0; row < count; row += 1) {
    const players = features.filter((name) => varies(rows[name] ?? [], row, background[name] ?? []));
    if (players.length === 0) continue;
    const plan =
      plans.get(players.length) ?? coalitionPlan(players.length, { ...(most === undefined ? {} : { most }), seed });
    plans.set(players.length, plan);
    const worth = await valuesOfCoalitions({ plan, players, row, rows, background }, predictor);
    for (const [player, name] of players.entries()) {
      const at = (row * features.length + features.indexOf(name)) * width;
      for (let output = 0; output < width; output += 1) {
        const start = baseline[output] ?? 0;
        let sum = (plan.whole[player] ?? 0) * ((predictions[row * width + output] ?? 0) - start);
        for (let coalition = 0; coalition < plan.count; coalition += 1) {
          const weight = plan.map[player * plan.count + coalition] ?? 0;
          sum += weight * ((worth[coalition * width + output] ?? 0) - start);
        }
        values[at + output] = sum;
      }
    }
  }
  const used = [...plans.values()];
  return {
    method: used.some(({ method }) => method === 'kernel') ? 'kernel' : 'exact',
    coalitions: Math.max(0, ...used.map((plan) => plan.count)) + 2,
    baseline,
    predictions,
    values,
  };
}

function varies(column: FeatureColumn, row: number, background: FeatureColumn): boolean {
  return background.some((value: number | string) => !Object.is(value, column[row]));
}

type Coalitions = {
  plan: CoalitionPlan;
  players: readonly string[];
  row: number;
  rows: FeatureColumns;
  background: FeatureColumns;
};

/** Mean answer over the background for every coalition: coalitions x outputs. */
async function valuesOfCoalitions(subject: Coalitions, predictor: Predictor): Promise<Float64Array> {
  const { plan, background } = subject;
  const width = predictor.outputs.length;
  const size = Object.values(background)[0]?.length ?? 0;
  const worth = new Float64Array(plan.count * width);
  const step = Math.max(1, Math.floor(batchRows / size));
  for (let from = 0; from < plan.count; from += step) {
    const to = Math.min(plan.count, from + step);
    const answers = await predictor.predict(compose(subject, from, to));
    for (let coalition = from; coalition < to; coalition += 1) {
      const start = (coalition - from) * size * width;
      worth.set(columnMeans(answers.subarray(start, start + size * width), width), coalition * width);
    }
  }
  return worth;
}

/** The background once per coalition, with the members' values set to those of the row. */
function compose({ plan, players, row, rows, background }: Coalitions, from: number, to: number): FeatureColumns {
  const coalitions = Array.from({ length: to - from }, (_, at) => from + at);
  return Object.fromEntries(
    Object.entries(background).map(([name, column]) => {
      const given = rows[name]?.[row];
      const player = players.indexOf(name);
      const isIn = (coalition: number) => player >= 0 && plan.members[coalition * plan.players + player] === 1;
      if (!(column instanceof Float64Array)) {
        const text = column.map(() => String(given));
        return [name, coalitions.flatMap((one) => (isIn(one) ? text : column))];
      }
      const filled = new Float64Array(coalitions.length * column.length);
      coalitions.forEach((one, at) => {
        const start = at * column.length;
        if (isIn(one)) filled.fill(Number(given), start, start + column.length);
        else filled.set(column, start);
      });
      return [name, filled];
    }),
  );
}

function columnMeans(answers: Float64Array, width: number): Float64Array {
  const means = new Float64Array(width);
  const rows = answers.length / width;
  for (let at = 0; at < answers.length; at += 1) means[at % width] = (means[at % width] ?? 0) + (answers[at] ?? 0);
  return means.map((sum) => sum / rows);
}
