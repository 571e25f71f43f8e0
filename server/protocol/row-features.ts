import type { Prediction } from '../../pipelines/contracts/prediction.ts';
import type { InputTensor } from './read-request.ts';

/** The values of one row by column name; an input of several columns gives `name[0]`, `name[1]`, ... */
export function rowFeatures(inputs: Iterable<InputTensor>, row: number): Prediction['features'] {
  const features: Prediction['features'] = {};
  for (const { name, datatype, shape, data } of inputs) {
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    for (let column = 0; column < width; column += 1) {
      const value = data[row * width + column];
      features[width === 1 ? name : `${name}[${column}]`] = plain(value, datatype === 'BOOL');
    }
  }
  return features;
}

function plain(value: string | number | bigint | undefined, isBoolean: boolean): string | number | boolean | null {
  if (isBoolean) return value === 1;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return value ?? null;
}
