import { expect, test } from 'vitest';
import { featureChanges } from '../../../pipelines/features/feature-changes.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';

const [one, two, three] = ['one', 'two', 'three'].map(integrityOf);
const pin = (service: string, ...views: [view: string, definition: string, version: string | null][]) => ({
  service,
  definition: one ?? '',
  views: views.map(([view, definition, version]) => ({ view, definition, version })),
});
const [a = '', b = '', c = ''] = [one, two, three];

test('tells views that come, go, or are of another version', () => {
  const base = [pin('ride@v1', ['weather', a, b], ['roads', a, a], ['same', a, a])];
  const head = [pin('ride@v1', ['weather', a, c], ['parks', b, null], ['same', a, a])];
  expect(featureChanges(base, head)).toEqual([
    { service: 'ride@v1', view: 'parks', base: null, head: b },
    { service: 'ride@v1', view: 'roads', base: a, head: null },
    { service: 'ride@v1', view: 'weather', base: b, head: c },
  ]);
});

test('says nothing of a model without features, or with the same', () => {
  expect(featureChanges([], [])).toEqual([]);
  const pins = [pin('ride@v1', ['weather', a, null])];
  expect(featureChanges(pins, pins)).toEqual([]);
});
