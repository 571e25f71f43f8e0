import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseVariant } from '../../../server/traffic/choose-variant.ts';

const weights = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));

test('whoever got the candidate at a weight has it at every higher one', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), weights, (key, rollout, pair) => {
      const [low, high] = [Math.min(...pair), Math.max(...pair)];
      if (chooseVariant(key, rollout, low) === 'candidate') expect(chooseVariant(key, rollout, high)).toBe('candidate');
    }),
  );
});

test('nobody at 0, everybody at 100', () => {
  fc.assert(
    fc.property(fc.string(), (key) => {
      expect(chooseVariant(key, 'r', 0)).toBe('stable');
      expect(chooseVariant(key, 'r', 100)).toBe('candidate');
    }),
  );
});

test('the weight is the share of keys, and another rollout draws others', () => {
  const keys = Array.from({ length: 5000 }, (_, index) => `key-${index}`);
  const drawn = (rollout: string) => keys.filter((key) => chooseVariant(key, rollout, 20) === 'candidate');
  const [one, two] = [drawn('r1'), drawn('r2')];
  // Six standard deviations around 1,000.
  expect(Math.abs(one.length - 1000)).toBeLessThan(170);
  const both = one.filter((key) => two.includes(key)).length;
  expect(Math.abs(both - 200)).toBeLessThan(90);
});
