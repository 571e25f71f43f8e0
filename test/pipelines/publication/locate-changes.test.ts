import { describe, expect, it } from 'vitest';
import { type Located, locateChanges } from '../../../pipelines/publication/locate-changes.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';
import { flightsPolicy } from '../evaluation/holdout.ts';

const config = `version: 1
models:
  flight-delay:
    task: binary
    gates:
      # the new rule
      - { metric: accuracy, min: 0.4 }
      - metric: accuracy
        min: 0.5
    monitor:
      window: 1d
`;
const params = `seed: 1
train:
  depth: 4
  trees: 80 # more
`;
const subject: Located = {
  model: 'flight-delay',
  policy: flightsPolicy(),
  configFile: 'pulltrain.yml',
  parameterChanges: [],
  policyChanges: [],
};
const tree = memoryTree({
  'pulltrain.yml': config,
  'params.yaml': params,
  'conf/other.json': '{\n  "rate": 0.1\n}',
  'conf/more.toml': 'rate = 1',
  'broken.yaml': 'a: [1',
});
const change = (name: string) => ({ name, base: 1, head: 2 });

describe('lines of what a pull request changes', () => {
  it('are those of the keys, in the file that holds them', async () => {
    const parameterChanges = ['train.trees', 'seed', 'conf/other.json:rate'].map(change);
    expect(await locateChanges({ ...subject, parameterChanges }, tree)).toEqual([
      { kind: 'parameter', name: 'train.trees', file: 'params.yaml', line: 4 },
      { kind: 'parameter', name: 'seed', file: 'params.yaml', line: 1 },
      { kind: 'parameter', name: 'conf/other.json:rate', file: 'conf/other.json', line: 2 },
    ]);
  });

  it('tell an edit of policy, and the gate in force where it still stands', async () => {
    const found = await locateChanges({ ...subject, policyChanges: ['gates', 'monitor.window'] }, tree);
    expect(found).toEqual([
      { kind: 'policy', name: 'gates', file: 'pulltrain.yml', line: 5 },
      { kind: 'policy', name: 'monitor.window', file: 'pulltrain.yml', line: 11 },
      { kind: 'gate', name: 'accuracy >= 0.5', file: 'pulltrain.yml', line: 8 },
    ]);
  });

  it('are not told of what is gone, cannot be found or cannot be read', async () => {
    const parameterChanges = [
      { name: 'train.trees', base: 1, head: null },
      change('train.rate'),
      change('conf/more.toml:rate'),
      change('broken.yaml:a'),
      change('gone.yaml:a'),
      change('seed.deeper'),
    ];
    const policyChanges = ['pulltrain.yml does not parse', 'slices'];
    const lone = { ...subject, policy: flightsPolicy({ gates: [] }), parameterChanges, policyChanges };
    expect(await locateChanges(lone, tree)).toEqual([]);
  });

  it('are at most as many as one call to GitHub takes', async () => {
    const text = Array.from({ length: 80 }, (_, at) => `p${at}: 1\n`).join('');
    const parameterChanges = Array.from({ length: 80 }, (_, at) => change(`p${at}`));
    expect(await locateChanges({ ...subject, parameterChanges }, memoryTree({ 'params.yaml': text }))).toHaveLength(50);
  });
});
