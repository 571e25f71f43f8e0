import { expect, test } from 'vitest';
import { splitRef } from '../../../../sandbox/pages/repository/split-ref.ts';

test.for([
  ['main', 'main', ''],
  ['main/src/train.ts', 'main', 'src/train.ts'],
  ['retrain/flight-delay/src/', 'retrain/flight-delay', 'src'],
  ['retrain/other', 'retrain', 'other'],
  ['a1f6c2d/data', 'a1f6c2d', 'data'],
  ['mainline/x', 'mainline', 'x'],
] as const)('%s is %s and "%s"', ([rest, ref, path]) => {
  expect(splitRef(rest, ['main', 'retrain', 'retrain/flight-delay'])).toEqual({ ref, path });
});
