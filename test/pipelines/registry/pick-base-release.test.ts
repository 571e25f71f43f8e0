import { expect, test } from 'vitest';
import { pickBaseRelease } from '../../../pipelines/registry/pick-base-release.ts';

const tags = [
  { tag: 'm@v1.0.0', commit: 'one' },
  { tag: 'm@v1.10.0', commit: 'three' },
  { tag: 'm@v1.9.0', commit: 'two' },
  { tag: 'other@v5.0.0', commit: 'three' },
  { tag: 'nightly', commit: 'three' },
];
const contains =
  (...commits: string[]) =>
  (commit: string) =>
    commits.includes(commit);

test.each([
  { name: 'newest by version, not by text', base: ['one', 'two', 'three'], bad: [], tag: 'm@v1.10.0' },
  { name: 'not yet in the base', base: ['one', 'two'], bad: [], tag: 'm@v1.9.0' },
  {
    name: 'quarantined ones are passed over',
    base: ['one', 'two', 'three'],
    bad: ['1.10.0', '1.9.0'],
    tag: 'm@v1.0.0',
  },
  { name: 'none is in the base', base: [], bad: [], tag: undefined },
  { name: 'all quarantined', base: ['one'], bad: ['1.0.0'], tag: undefined },
])('$name', async ({ base, bad, tag }) => {
  expect((await pickBaseRelease('m', tags, new Set(bad), contains(...base)))?.tag).toBe(tag);
});

test('asks about the newest first and stops at the first yes', async () => {
  const asked: string[] = [];
  await pickBaseRelease('m', tags, new Set(), async (commit) => asked.push(commit) > 0);
  expect(asked).toEqual(['three']);
});

test('asks twenty times at most, and then says so instead of taking an older one', async () => {
  const many = Array.from({ length: 30 }, (_, minor) => ({ tag: `m@v1.${minor}.0`, commit: `${minor}` }));
  let asked = 0;
  const picking = pickBaseRelease('m', many, new Set(), (commit) => {
    asked += 1;
    return commit === '3';
  });
  await expect(picking).rejects.toMatchObject({ code: 'base-unknown', message: expect.stringContaining('m@v1.29.0') });
  expect(asked).toBe(20);
});
