import { describe, expect, test } from 'vitest';
import type { BaseChoice } from '../../pipelines/contracts/judgement.ts';
import { baseText } from '../../reports/base-text.ts';

const released: BaseChoice = {
  rung: 'merge-base',
  tag: 'm@v1.0.0',
  commit: 'abcdef0'.padEnd(40, '1'),
  sha256: 'd'.repeat(64),
  pull: 12,
  distance: 0,
};
const skipped = [
  { rung: 'merge-base' as const, reason: 'no run of what it is made of was ever judged' },
  { rung: 'ancestor' as const, reason: 'none either' },
];

describe('the base in words', () => {
  test.each<[string, BaseChoice, string]>([
    ['the merge-base', released, 'Base `m@v1.0.0` (`abcdef0`), what the merge-base ships'],
    [
      'a merge-base that is not released yet',
      { ...released, tag: null },
      'Base: the model of #12 (`abcdef0`), what the merge-base ships',
    ],
    [
      'an ancestor',
      { ...released, rung: 'ancestor', distance: 3, skipped },
      'Base `m@v1.0.0` (`abcdef0`), from 3 commits before the merge-base (no run of what it is made of was ever judged)',
    ],
    [
      'the commit before',
      { ...released, rung: 'ancestor', distance: 1 },
      'Base `m@v1.0.0` (`abcdef0`), from the commit before the merge-base',
    ],
    [
      'a release',
      { rung: 'release', tag: 'm@v1.0.0', commit: released.commit, sha256: released.sha256, skipped },
      'Base `m@v1.0.0` (`abcdef0`), the newest release that the merge-base contains (no run of what it is made of was ever judged)',
    ],
    ['none', { rung: 'none', tag: null, commit: null, sha256: null }, 'Base: none'],
  ])('%s', (_, base, text) => {
    expect(baseText(base)).toBe(text);
  });

  test('lets no reason become markup, nor a wall of text', () => {
    const reason = `@everyone <img src=x> | \`\n# ${'long '.repeat(500)}`;
    const text = baseText({ ...released, rung: 'none', tag: null, skipped: [{ rung: 'merge-base', reason }] });
    expect(text).not.toMatch(/(?<!\\)<img|@everyone|\n/);
    expect(text.length).toBeLessThan(400);
  });
});
