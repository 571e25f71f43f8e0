import { expect, test } from 'vitest';
import { findFeatures } from '../../../actions/evaluate/find-features.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const definitions = `version: 1
entities: { city: { keys: { city: string } } }
views: { weather: { entity: city, source: { file: data/w.csv }, time: at, features: { rain: double } } }
services: { ride@v1: { features: [weather] } }
`;

test.each<[string, string | undefined, string, string[]]>([
  ['a service that is there', 'ride@v1', definitions, []],
  ['no service', undefined, 'views: [', []],
  ['a service that is not there', 'ride@v2', definitions, ['service-unknown']],
  ['definitions with faults', 'ride@v1', 'views: [', ['features-invalid']],
])('%s', async (_, served, text, codes) => {
  const { problems } = await findFeatures(
    { stages: [], served },
    memoryTree({ 'features/a.yml': text, 'data/w.csv': 'x' }),
  );
  expect(problems.map(({ code }) => code)).toEqual(codes);
});
