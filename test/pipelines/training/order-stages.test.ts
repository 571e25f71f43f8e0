import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderStages } from '../../../pipelines/training/order-stages.ts';
import type { Stage } from '../../../pipelines/training/stage.ts';
import { plainStage } from '../../fixtures/plain-stage.ts';

function stage(name: string, deps: string[], outs: string[], rest: Partial<Stage> = {}): Stage {
  return { ...plainStage, name, deps, outs, ...rest };
}
const order = (stages: Stage[], output: string) => orderStages(stages, output, 'dvc.yaml').map(({ name }) => name);

it('takes the stages that lead to the output, each after what it needs', () => {
  const stages = [
    stage('train', ['features/train.csv', 'train.py'], ['out/model.onnx']),
    stage('report', ['out/model.onnx'], ['report.html']),
    stage('features', ['clean'], ['features']),
    stage('clean', ['raw'], ['clean/a.csv']),
    stage('other', [], ['unrelated']),
  ];
  expect(order(stages, 'out/model.onnx')).toEqual(['clean', 'features', 'train']);
});

it('finds the stage that writes a folder around the output', () => {
  expect(order([stage('train', [], ['out'])], 'out/model.onnx')).toEqual(['train']);
});

it('leaves frozen stages out', () => {
  const stages = [stage('clean', [], ['clean'], { frozen: true }), stage('train', ['clean'], ['m.onnx'])];
  expect(order(stages, 'm.onnx')).toEqual(['train']);
});

it('survives any order of the file', () => {
  const chain = Array.from({ length: 8 }, (_, index) =>
    stage(`s${index}`, index === 0 ? [] : [`o${index - 1}`], [`o${index}`]),
  );
  fc.assert(
    fc.property(fc.shuffledSubarray(chain, { minLength: chain.length }), (shuffled) => {
      expect(order(shuffled, 'o7')).toEqual(chain.map(({ name }) => name));
    }),
  );
});

describe('refuses', () => {
  const message = (stages: Stage[], output = 'm') => {
    try {
      order(stages, output);
    } catch (thrown) {
      return String(thrown);
    }
    return 'nothing';
  };

  it('a cycle, and shows it', () => {
    expect(message([stage('a', ['y'], ['x']), stage('b', ['x'], ['y']), stage('m', ['x'], ['m'])])).toContain(
      'depends on itself: a -> b -> a',
    );
  });

  it('a stage that reads what it writes', () => {
    expect(message([stage('m', ['m'], ['m'])])).toContain('depends on itself: m -> m');
  });

  it('two stages that write one place, wherever they are', () => {
    expect(message([stage('m', [], ['m']), stage('a', [], ['x']), stage('b', [], ['x'])])).toContain(
      'stage b: writes x, which stage a writes too',
    );
    expect(message([stage('m', [], ['m']), stage('a', [], ['x']), stage('b', [], ['x/y'])])).toContain(
      'stage b: writes x/y, which overlaps x of stage a',
    );
  });

  it('an output that nothing writes', () => {
    expect(message([stage('a', [], ['x'])])).toContain('no stage writes m, the output of the model (written: x)');
  });
});
