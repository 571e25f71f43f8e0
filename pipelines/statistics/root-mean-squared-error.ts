import type { Linearised } from './average-precision.ts';
import { mean } from './moments.ts';
import { squaredErrors } from './row-losses.ts';

/** Root mean squared error; a row pulls by (e^2 - MSE) / (2 RMSE), and by nothing when every error is 0. */
export function rootMeanSquaredError(labels: Float64Array, scores: Float64Array): Linearised {
  const squares = squaredErrors(labels, scores);
  const meanSquare = mean(squares);
  const value = Math.sqrt(meanSquare);
  return { value, influence: squares.map((square) => (value === 0 ? 0 : (square - meanSquare) / (2 * value))) };
}
