import { PulltrainError } from '../../pipelines/errors.ts';
import { backgroundFromProfile } from '../../pipelines/explanation/background-from-profile.ts';
import { shapleyValues } from '../../pipelines/explanation/shapley-values.ts';
import type { HeldVersion } from '../models/hold-version.ts';
import type { Slot } from '../models/open-slot.ts';
import type { RunningModel } from '../models/start-model.ts';
import type { Port, RuntimeTensor } from '../models/worker-messages.ts';
import { columnsOf } from './columns-of.ts';
import { openPredictor } from './open-predictor.ts';

/** What every input added to the score of each row: score = baseline + the sum of the row's contributions. */
export type RowContributions = {
  method: 'exact' | 'kernel';
  inputs: readonly string[];
  /** Mean score over the background. */
  baseline: number;
  /** rows x inputs */
  contributions: Float64Array;
};

/** What an explanation needs of a loaded version. */
type ExplainedVersion = {
  stored: Pick<HeldVersion['stored'], 'version'>;
  model: Pick<RunningModel, 'inputs' | 'run'>;
};

export type Explainer = {
  /**
   * Refuses what cannot be explained before anything is scored, with `explanation-refused`, `background-missing` or `overloaded`.
   * What it returns explains the scores that were given for `feeds`; throws `explanation-timeout` and `model-failed`.
   */
  prepare(
    slot: Pick<Slot, 'name' | 'profile'>,
    held: ExplainedVersion,
    rows: number,
  ): Promise<(feeds: Record<string, RuntimeTensor>, scores: Float64Array) => Promise<RowContributions>>;
};

export type ExplainLimits = {
  /** Rows of a request, inputs of a model. */
  rows: number;
  inputs: number;
  /** Milliseconds for one request, waiting not counted. */
  time: number;
  /** Requests that may wait for the one that is being explained. */
  waiting: number;
};

const usualLimits: ExplainLimits = { rows: 16, inputs: 64, time: 10_000, waiting: 4 };
const background = 100;
const seed = 1;
/** Coalitions asked for per row: all of them up to nine inputs, a sample for more. */
const coalitions = (inputs: number) => 2 * inputs + 512;

/**
 * Explains single predictions by SHAP values on a background made from the profile that was released with the model. One
 * request at a time, in small batches, so that plain requests are scored in between.
 */
export function openExplainer(limits: ExplainLimits = usualLimits): Explainer {
  let waiting = 0;
  let turn: Promise<unknown> = Promise.resolve();

  function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = turn.then(work);
    turn = result.catch(() => undefined);
    return result;
  }

  return {
    async prepare(slot, held, rows) {
      const { inputs } = held.model;
      requireExplainable(slot.name, inputs, rows, limits);
      const profile = await slot.profile(held.stored.version);
      if (profile === null) {
        throw new PulltrainError('background-missing', {
          what: 'this version came without a profile, so there is nothing to compare a row with',
          where: `${slot.name} ${held.stored.version}`,
          cure: 'PUT the profile.json of its release to /pulltrain/models/<model>/versions/<version>/profile.',
        });
      }
      const behind = backgroundFromProfile(profile, inputs, { rows: background, seed });
      if (waiting > limits.waiting) {
        throw new PulltrainError('overloaded', { what: 'too many requests wait for an explanation', where: slot.name });
      }
      return async (feeds, scores) => {
        waiting += 1;
        try {
          return await inTurn(async () => {
            const predictor = openPredictor(held.model, { milliseconds: limits.time });
            const subject = { rows: columnsOf(inputs, feeds), background: behind };
            const shapley = await shapleyValues(subject, { most: coalitions(inputs.length), seed }, predictor);
            requireSum(slot.name, scores, shapley, inputs.length);
            const [baseline = 0] = shapley.baseline;
            const names = inputs.map(({ name }) => name);
            return { method: shapley.method, inputs: names, baseline, contributions: shapley.values };
          });
        } finally {
          waiting -= 1;
        }
      };
    },
  };
}

function requireExplainable(model: string, inputs: readonly Port[], rows: number, limits: ExplainLimits): void {
  const refused = (what: string, seen: string | number, allowed: string | number) =>
    new PulltrainError('explanation-refused', { what, where: model, seen: String(seen), allowed: String(allowed) });
  if (rows > limits.rows) throw refused('too many rows to explain in one request', rows, limits.rows);
  if (inputs.length > limits.inputs) throw refused('too many inputs to explain', inputs.length, limits.inputs);
  const wide = inputs.find(({ shape }) => shape.length > 2 || shape[0] !== -1 || Math.abs(shape[1] ?? 1) !== 1);
  if (wide === undefined) return;
  const shape = `${wide.name} [${wide.shape.map((size) => (size === -1 ? 'N' : size)).join(',')}]`;
  throw refused('only models whose inputs are single columns can be explained', shape, '[N] or [N,1]');
}

type Sums = { baseline: Float64Array; values: Float64Array };

/** A model that answers the same row differently cannot be explained, and the numbers would tell nobody. */
function requireSum(model: string, scores: Float64Array, { baseline, values }: Sums, width: number): void {
  scores.forEach((score, row) => {
    const added = values.subarray(row * width, (row + 1) * width).reduce((sum, value) => sum + value, 0);
    const sum = (baseline[0] ?? 0) + added;
    if (Math.abs(sum - score) <= 1e-6 * Math.max(1, Math.abs(score))) return;
    throw new PulltrainError('model-failed', {
      what: 'the contributions do not add up to the score: the model does not answer the same row in the same way',
      where: model,
      seen: `${sum} for ${score} in row ${row}`,
    });
  });
}
