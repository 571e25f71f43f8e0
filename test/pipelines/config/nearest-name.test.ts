import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nearestName } from '../../../pipelines/config/nearest-name.ts';

it('finds what a typo meant', () => {
  expect(nearestName('noninferor', ['max', 'noninferior'])).toBe('noninferior');
  expect(nearestName('Gates', ['gates'])).toBe('gates');
  expect(nearestName('modle', ['data', 'model'])).toBe('model');
});

it('stays silent when nothing is near', () => {
  expect(nearestName('gates', ['metrics', 'holdout'])).toBeUndefined();
});

it('finds any name that lost one letter', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z]{4,12}$/), fc.nat(11), (name, at) => {
      const index = at % name.length;
      expect(nearestName(name.slice(0, index) + name.slice(index + 1), [name])).toBe(name);
    }),
  );
});
