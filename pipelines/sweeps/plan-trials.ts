import { canonicalJson } from '../canonical-json.ts';
import type { Parameter } from '../contracts/run-record.ts';
import { type Dimension, mostTrials, type SweepPlan, type Trial } from '../contracts/sweep.ts';
import { PulltrainError } from '../errors.ts';
import { type Random, seededRandom } from '../statistics/seeded-random.ts';

/** Draws that may hit what was drawn before, for each trial that is wanted. */
const patience = 50;

/**
 * The trials of a sweep before anything is known of them: the whole grid in the order in which it is written, or different
 * points drawn by the seed, numbered from 1. A small grid that is asked for more points than it has gives all of them.
 * Throws `sweep-too-large` over 256, `sweep-invalid` for a grid over a range that has no steps.
 */
export function planTrials({ space, trials, seed }: Pick<SweepPlan, 'space' | 'trials' | 'seed'>): Trial[] {
  const names = space.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new PulltrainError('sweep-invalid', { what: `${twice} is given twice`, where: 'sweep' });
  const points = trials === null ? grid(space) : draw(space, trials, seededRandom(seed));
  return points.map((parameters, index) => ({ number: index + 1, parameters }));
}

function grid(space: readonly Dimension[]): Record<string, Parameter>[] {
  const axes = space.map((dimension) => ({ name: dimension.name, values: valuesOf(dimension) }));
  const count = axes.reduce((product, { values }) => product * values.length, 1);
  if (count > mostTrials) {
    throw new PulltrainError('sweep-too-large', {
      what: 'the grid has more points than a matrix of GitHub has jobs',
      where: 'sweep',
      seen: `${axes.map(({ values }) => values.length).join(' x ')} = ${count}`,
      allowed: `${mostTrials} at most`,
      cure: 'Give fewer values, or draw some of them with --random 50.',
    });
  }
  return axes.reduce<Record<string, Parameter>[]>(
    (points, { name, values }) => points.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}

function valuesOf(dimension: Dimension): Parameter[] {
  if ('values' in dimension) return dimension.values;
  const { name, low, high, whole, scale } = dimension;
  const step = dimension.step ?? (whole && scale === 'linear' ? 1 : null);
  if (step === null) {
    throw new PulltrainError('sweep-invalid', {
      what: `a grid cannot have every number from ${low} to ${high}`,
      where: `sweep, ${name}`,
      cure: `Write a step (${name}=${low}..${high}..${Number(((high - low) / 4).toPrecision(2))}), values, or draw points with --random 20.`,
    });
  }
  // A rounding error must not take the last value away.
  const count = Math.floor((high - low) / step + 1e-9) + 1;
  if (count > mostTrials) return Array.from({ length: mostTrials + 1 }, (_, index) => index);
  return Array.from({ length: count }, (_, index) => tidy(low + index * step));
}

function draw(space: readonly Dimension[], wanted: number, random: Random): Record<string, Parameter>[] {
  const points = new Map<string, Record<string, Parameter>>();
  for (let tries = 0; points.size < wanted && tries < wanted * patience; tries += 1) {
    const point = Object.fromEntries(space.map((dimension) => [dimension.name, drawOne(dimension, random)]));
    const name = canonicalJson(point);
    if (!points.has(name)) points.set(name, point);
  }
  return [...points.values()];
}

function drawOne(dimension: Dimension, random: Random): Parameter {
  if ('values' in dimension) return dimension.values[Math.floor(random() * dimension.values.length)] ?? null;
  const { low, high, step, scale, whole } = dimension;
  if (step !== null) return tidy(low + step * Math.floor(random() * (Math.floor((high - low) / step + 1e-9) + 1)));
  if (whole && scale === 'linear') return low + Math.floor(random() * (high - low + 1));
  const at = random();
  const value = scale === 'log' ? low * (high / low) ** at : low + at * (high - low);
  return whole ? Math.round(value) : Number(value.toPrecision(4));
}

/** Without the rounding error of adding steps: 0.30000000000000004 is 0.3. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
