import { expect, it } from 'vitest';
import { durationSeconds } from '../../../pipelines/config/duration-seconds.ts';

it.each([
  ['0s', 0],
  ['90s', 90],
  ['10m', 600],
  ['12h', 43_200],
  ['7d', 604_800],
])('reads %s', (text, seconds) => {
  expect(durationSeconds(text)).toBe(seconds);
});

it.each(['', '10', 'm', '1.5h', '10 m', '-1s'])('refuses %j', (text) => {
  expect(() => durationSeconds(text)).toThrow('expected a number and s, m, h or d');
});
