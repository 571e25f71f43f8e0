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

/** Rows that are asked for at once, or some more. */
const batchRows = 16_384;
/** Players that fit into the bits of an integer; of more, coalitions are not looked through for equal ones. */
const mostBits = 30;

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
  const answers = await predictor.predict(background);
  const baseline = columnMeans(answers, width);
  const predictions = await predictor.predict(rows);
  const count = predictions.length / width;
  const values = new Float64Array(count * features.length * width);
  const plans = new Map<number, CoalitionPlan>();
  for (let row = 0; row < count; row += 1) {
    const players = features.filter((name) => varies(rows[name] ?? [], row, background[name] ?? []));
    if (players.length === 0) continue;
    const plan =
      plans.get(players.length) ?? coalitionPlan(players.length, { ...(most === undefined ? {} : { most }), seed });
    plans.set(players.length, plan);
    const prediction = predictions.subarray(row * width, (row + 1) * width);
    const known = { background: answers, prediction };
    const worth = await valuesOfCoalitions({ plan, players, row, rows, background }, known, predictor);
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
async function valuesOfCoalitions(
  subject: Coalitions,
  known: { background: Float64Array; prediction: Float64Array },
  predictor: Predictor,
): Promise<Float64Array> {
  const { plan, players, row, rows, background } = subject;
  const width = predictor.outputs.length;
  const size = known.background.length / width;
  const worth = new Float64Array(plan.count * width);
  const masks = players.length <= mostBits ? masksOf(plan) : null;
  const add = (coalition: number, answers: Float64Array, at: number) => {
    for (let output = 0; output < width; output += 1) {
      const place = coalition * width + output;
      worth[place] = (worth[place] ?? 0) + (answers[at * width + output] ?? 0) / size;
    }
  };
  let mixes: Mix[] = [];
  const ask = async () => {
    const answers = await predictor.predict(compose(subject, mixes));
    for (const [at, { coalitions: users }] of mixes.entries()) for (const one of users) add(one, answers, at);
    mixes = [];
  };
  for (let behind = 0; behind < size; behind += 1) {
    const differ =
      masks === null ? 0 : maskOf(players.map((name) => !Object.is(rows[name]?.[row], background[name]?.[behind])));
    const found = new Map<number, Mix>();
    for (let coalition = 0; coalition < plan.count; coalition += 1) {
      // Where the row and its background say the same, it makes no difference who is in.
      const taken = masks === null ? -1 - coalition : (masks[coalition] ?? 0) & differ;
      if (taken === 0) add(coalition, known.background, behind);
      else if (taken === differ) add(coalition, known.prediction, 0);
      else {
        const mix = found.get(taken);
        if (mix === undefined) found.set(taken, { behind, taken: coalition, coalitions: [coalition] });
        else mix.coalitions.push(coalition);
      }
    }
    mixes.push(...found.values());
    if (mixes.length >= batchRows) await ask();
  }
  if (mixes.length > 0) await ask();
  return worth;
}

/** One row to ask for: a background row with the values of a coalition set, and the coalitions that it answers for. */
type Mix = { behind: number; taken: number; coalitions: number[] };

/** The coalitions of a plan as bits, in order. */
function masksOf({ members, players, count }: CoalitionPlan): Int32Array {
  return Int32Array.from({ length: count }, (_, at) =>
    maskOf(Array.from(members.subarray(at * players, (at + 1) * players), (isIn) => isIn === 1)),
  );
}

function maskOf(bits: readonly boolean[]): number {
  return bits.reduce((mask, isSet, at) => (isSet ? mask | (1 << at) : mask), 0);
}

function compose({ plan, players, row, rows, background }: Coalitions, mixes: readonly Mix[]): FeatureColumns {
  return Object.fromEntries(
    Object.entries(background).map(([name, column]) => {
      const given = rows[name]?.[row];
      const player = players.indexOf(name);
      const isIn = (coalition: number) => player >= 0 && plan.members[coalition * plan.players + player] === 1;
      if (!(column instanceof Float64Array)) {
        const text = String(given);
        return [name, mixes.map(({ behind, taken }) => (isIn(taken) ? text : (column[behind] ?? '')))];
      }
      const number = Number(given);
      const filled = new Float64Array(mixes.length);
      for (const [at, { behind, taken }] of mixes.entries())
        filled[at] = isIn(taken) ? number : (column[behind] ?? Number.NaN);
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
