import { usualCoalitions } from './coalition-plan.ts';

/** How much work goes into an explanation, counted in rows that the model is asked for. */
export type ExplanationSizes = {
  /** Rows that importance is measured on, and shuffles of every input. */
  rows: number;
  repeats: number;
  /** Rows with SHAP values, rows of their background, and coalitions asked for per row. */
  attributed: number;
  background: number;
  coalitions: number;
  /** Inputs whose SHAP values are kept point by point. */
  beeswarm: number;
  /** Inputs whose dependence is taken, values along each, rows it is averaged over, single rows that are kept. */
  drawn: number;
  grid: number;
  dependent: number;
  lines: number;
};

/** For a person who asked for it. */
export function thoroughSizes(features: number): ExplanationSizes {
  return {
    rows: 5000,
    repeats: 10,
    attributed: 100,
    background: 50,
    coalitions: usualCoalitions(features),
    beeswarm: 20,
    drawn: 10,
    grid: 20,
    dependent: 1000,
    lines: 50,
  };
}

/** Rows that one part of a brief explanation asks of a model. */
const briefBudget = { importance: 40_000, attributions: 20_000 };
/** A model with more inputs is not explained in passing: every row that is asked for carries all of them. */
export const mostBriefInputs = 250;

/** For every judgement: some 60,000 rows a model, well under a second for a small one, whatever the number of inputs. */
export function briefSizes(features: number): ExplanationSizes {
  const between = (low: number, high: number, value: number) => Math.max(low, Math.min(high, Math.floor(value)));
  const repeats = between(2, 3, briefBudget.importance / (features * 2000));
  const background = 10;
  const coalitions = Math.min(2 ** features, 2 * features + 128);
  return {
    rows: between(200, 2000, briefBudget.importance / (features * repeats)),
    repeats,
    attributed: between(5, 30, briefBudget.attributions / (coalitions * background)),
    background,
    coalitions,
    beeswarm: 8,
    drawn: 5,
    grid: 9,
    dependent: 150,
    lines: 0,
  };
}
