import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftBehind } from '../../../sandbox/story/left-behind.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

it('says where a story lies, how large it is and how to remove it', async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, '.pulltrain', 'story');
  await mkdir(join(directory, 'tables'), { recursive: true });
  await writeFile(join(directory, 'tables', 'flights.parquet'), Buffer.alloc(2_400_000));
  await writeFile(join(directory, 'log'), Buffer.alloc(100_000));
  await symlink('/dev/zero', join(directory, 'link'));
  expect(await leftBehind(directory, folder.path)).toBe(
    'Left behind: 3 MB in .pulltrain/story. The next story there replaces it; to remove it: rm -r .pulltrain/story\n',
  );
});

it('says nothing where nothing is', async () => {
  using folder = temporaryDirectory();
  expect(await leftBehind(join(folder.path, 'story'), folder.path)).toBe('');
  expect(await leftBehind(folder.path, folder.path)).toBe('');
});
