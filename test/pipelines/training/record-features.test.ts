import { expect, test } from 'vitest';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { readPipeline } from '../../../pipelines/training/read-pipeline.ts';
import { recordFeatures } from '../../../pipelines/training/record-features.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const definitions = `version: 1
entities: { city: { keys: { city: string } } }
views:
  weather: { entity: city, source: { file: data/w.csv }, time: at, features: { rain: double } }
  made: { entity: city, source: { file: out/made.csv }, time: at, features: { f: int } }
  unused: { entity: city, source: { file: data/w.csv }, time: at, features: { wind: double } }
services: { ride@v1: { features: [weather, made] } }
`;
const pipeline = (service: string) => `stages:
  make: { cmd: ./make, outs: [out/made.csv] }
  join:
    cmd: pulltrain features join --service ${service} --rows rows.csv --time t --out joined.csv
    deps: [out/made.csv]
    outs: [joined.csv]
`;

/** What a checkout says in which the stage has written `made`; a tree of files shows that as well. */
async function features(made: string | null, { service = 'ride@v1', text = definitions, weather = 'w' } = {}) {
  const tree = memoryTree({
    'dvc.yaml': pipeline(service),
    'features/a.yml': text,
    'data/w.csv': weather,
    'out/made.csv': 'of an earlier run',
  });
  const workspace = { integrity: async () => (made === null ? null : integrityOf(made)) };
  return recordFeatures(await readPipeline(tree, 'dvc.yaml'), { tree, workspace });
}

test('every view that is joined has its version, also one whose data a stage has made', async () => {
  const first = await features('1');
  expect(Object.keys(first)).toEqual(['made', 'weather']);
  expect(await features('1', { text: definitions.replace('wind', 'storm') })).toEqual(first);
  const other = await features('2');
  expect(other).toEqual({ ...first, made: other.made });
  expect(other.made).not.toBe(first.made);
  expect((await features('1', { weather: 'x' })).weather).not.toBe(first.weather);
});

test('what cannot be told is left out, and a run is recorded all the same', async () => {
  const { weather } = await features('1');
  expect(await features(null)).toEqual({ weather });
  expect(await features('1', { service: 'ride@v2' })).toEqual({});
  expect(await features('1', { text: 'views: [' })).toEqual({});
});
