import type { FeatureColumns, Predictor } from '../../../pipelines/explanation/predictor.ts';

/** A model of numeric columns by its formula for one row. */
export function predictorOf(formula: (row: number[]) => number): Predictor {
  return {
    outputs: ['score'],
    predict: async (columns) => {
      const names = Object.keys(columns);
      const rows = columns[names[0] ?? '']?.length ?? 0;
      return Float64Array.from({ length: rows }, (_, row) =>
        formula(names.map((name) => Number(columns[name]?.[row]))),
      );
    },
  };
}

/** Rows of numbers that every language computes alike. */
export function waves(rows: number, features: number, offset: number): FeatureColumns {
  return Object.fromEntries(
    Array.from({ length: features }, (_, at) => [
      `x${at}`,
      Float64Array.from({ length: rows }, (_, row) => Math.sin(offset + 7 * row + 3 * at * at + row * at)),
    ]),
  );
}
