import { describe, expect, test } from 'vitest';
import { ago } from '../../../../sandbox/pages/html/ago.ts';
import { byteSize } from '../../../../sandbox/pages/html/byte-size.ts';
import { countOf } from '../../../../sandbox/pages/html/count-of.ts';
import { duration } from '../../../../sandbox/pages/html/duration.ts';
import { htmlText } from '../../../../sandbox/pages/html/html.ts';

const now = new Date('2026-11-21T10:00:00Z');

test.for([
  ['2026-11-21T10:00:00Z', 'now'],
  ['2026-11-21T10:00:20Z', 'now'],
  ['2026-11-21T09:59:30Z', '30 seconds ago'],
  ['2026-11-21T09:59:00Z', '1 minute ago'],
  ['2026-11-21T08:00:01Z', '1 hour ago'],
  ['2026-11-11T10:00:00Z', '10 days ago'],
  ['2026-01-02T10:00:00Z', 'on Jan 2, 2026'],
] as const)('%s was %s', ([instant, expected]) => {
  expect(htmlText(ago(instant, now))).toContain(`>${expected}</time>`);
});

test('a time that is none is shown as it came, escaped', () => {
  expect(htmlText(ago('<soon>', now))).toBe('&lt;soon&gt;');
  expect(htmlText(ago(null, now))).toBe('');
});

describe('durations', () => {
  test.for([
    ['2026-11-21T09:59:55Z', '2026-11-21T10:00:00Z', '5s'],
    ['2026-11-21T09:58:55Z', '2026-11-21T10:00:00Z', '1m 5s'],
    ['2026-11-21T07:58:00Z', '2026-11-21T10:00:00Z', '2h 2m'],
    ['2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z', '0s'],
    ['2026-11-21T09:59:00Z', null, '1m'],
    [null, null, ''],
    ['never', null, ''],
  ] as const)('from %s to %s: "%s"', ([start, end, expected]) => {
    expect(duration(start, end, now)).toBe(expected);
  });
});

test.for([
  [0, '0 Bytes'],
  [1023, '1023 Bytes'],
  [1024, '1 KB'],
  [182_344, '178 KB'],
  [1_300_000, '1.2 MB'],
  [5 * 1024 ** 4, '5 TB'],
] as const)('%d bytes are %s', ([bytes, expected]) => {
  expect(byteSize(bytes)).toBe(expected);
});

test('nouns follow their count', () => {
  expect([countOf(0, 'file'), countOf(1, 'file'), countOf(1200, 'file')]).toEqual(['0 files', '1 file', '1,200 files']);
});
