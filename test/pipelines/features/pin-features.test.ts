import { expect, test } from 'vitest';
import { findJoins } from '../../../pipelines/features/find-joins.ts';
import { identifyInTree } from '../../../pipelines/features/identify-in-tree.ts';
import { pinFeatures } from '../../../pipelines/features/pin-features.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const definitions = `version: 1
entities: { city: { keys: { city: string } } }
views:
  weather: { entity: city, source: { file: data/w.csv }, time: at, features: { rain: double } }
  hot: { entity: city, source: { sql: SELECT * FROM w, inputs: { w: { view: weather } } }, time: at, features: { rain: double } }
  made: { entity: city, source: { file: out/made.csv }, time: at, features: { f: int } }
services: { ride@v1: { features: [hot] }, made@v2: { features: [made, weather] } }
`;
const join = (what: string) => ({ commands: [`pulltrain features join ${what} --rows r --time t --out o`] });

async function pins(stages: { commands: string[] }[], served?: string, data = 'x') {
  const tree = memoryTree({ 'features/a.yml': definitions, 'data/w.csv': data });
  return pinFeatures({ stages, served }, { tree, identify: (path) => identifyInTree(tree, path) });
}

test('what stages join and what is served is pinned, from the tree alone', async () => {
  const found = await pins([{ commands: ['node train.ts'] }, join('--service ride@v1')], 'made@v2');
  expect(found.map(({ service, views }) => [service, views.map(({ view }) => view)])).toEqual([
    ['made@v2', ['made', 'weather']],
    ['ride@v1', ['hot']],
  ]);
  // Git does not hold what a stage makes.
  expect(found[0]?.views.map(({ version }) => version === null)).toEqual([true, false]);
  expect(await pins([join('--service ride@v1'), join('--service=ride@v1')])).toEqual([found[1]]);
  const [other] = await pins([join('--service ride@v1')], undefined, 'other data');
  expect(other?.definition).toBe(found[1]?.definition);
  expect(other?.views[0]?.version).not.toBe(found[1]?.views[0]?.version);
  expect(await pins([{ commands: ['node train.ts'] }])).toEqual([]);
  await expect(pins([join('--service ride@v3')])).rejects.toMatchObject({ code: 'service-unknown' });
});

test.each([
  ['npx pulltrain features join --service "a@v1" --out x', [{ service: 'a@v1' }]],
  ["cd x && .pulltrain/bin/pulltrain features join --features='v:f,w' > log", [{ features: 'v:f,w' }]],
  ['pulltrain features join --rows a; pulltrain data pull --service b@v1', []],
  ['pulltrain features join \\\n --service a@v1', [{ service: 'a@v1' }]],
  ['echo "pulltrain features join --service a@v1"', []],
  ['pulltrain features list', []],
])('%s', (command, expected) => {
  expect(findJoins([command])).toEqual(expected);
});
