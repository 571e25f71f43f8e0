import { expect, it } from 'vitest';
import { planCollection } from '../../../../pipelines/data/store/plan-collection.ts';

it.each([
  ['all of it is needed', { bytes: 100, livingBytes: 100, ageSeconds: 9 }, 'kept'],
  ['nothing is needed', { bytes: 100, livingBytes: 0, ageSeconds: 9 }, 'removed'],
  ['nothing is needed, but it is young', { bytes: 100, livingBytes: 0, ageSeconds: 4 }, 'young'],
  ['half is needed', { bytes: 100, livingBytes: 50, ageSeconds: 9 }, 'rewritten'],
  ['little would be freed', { bytes: 100, livingBytes: 80, ageSeconds: 9 }, 'kept'],
])('of a pack where %s', (_, facts, outcome) => {
  const { remove, rewrite, tooYoung } = planCollection([{ name: 'p', ...facts }], 5);
  const counts = { removed: remove.length, rewritten: rewrite.length, young: tooYoung.length };
  expect(counts).toEqual({ removed: 0, rewritten: 0, young: 0, ...(outcome === 'kept' ? {} : { [outcome]: 1 }) });
});
