import { expect, it } from 'vitest';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';
import { selectModel } from '../../../pipelines/config/select-model.ts';

const model = (name: string) => `
  ${name}:
    task: regression
    output: out/${name}.onnx
    holdout: { data: data/holdout.parquet, target: y }
    metrics: { primary: rmse }`;
const one = parseConfig(`version: 1\nmodels:${model('eta')}\n`, 'pulltrain.yml');
const two = parseConfig(`version: 1\nmodels:${model('eta')}${model('fare')}\n`, 'pulltrain.yml');

it('takes the only model when none is named', () => {
  expect(selectModel(one).name).toBe('eta');
  expect(selectModel(one, '').name).toBe('eta');
});

it('takes the model that is named', () => {
  expect(selectModel(two, 'fare').model.output).toBe('out/fare.onnx');
});

it('refuses to choose among several, and names that do not exist', () => {
  expect(() => selectModel(two)).toThrow(expect.objectContaining({ code: 'model-ambiguous' }));
  expect(() => selectModel(one, 'constructor')).toThrow(expect.objectContaining({ code: 'model-unknown' }));
});
