import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { claimDirectory } from '../../../sandbox/story/claim-directory.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

async function leftBy(claim: string) {
  const folder = temporaryDirectory();
  const directory = join(folder.path, 'story');
  await mkdir(directory);
  await writeFile(join(directory, 'left-over'), '');
  await writeFile(join(directory, 'pid'), claim);
  return { directory, [Symbol.dispose]: () => folder[Symbol.dispose]() };
}

it('removes what a story of before has left, and gives the directory back', async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, 'story');
  const giveBack = await claimDirectory(directory);
  await writeFile(join(directory, 'left-over'), '');
  await giveBack();
  await claimDirectory(directory);
  expect(existsSync(join(directory, 'left-over'))).toBe(false);
});

it('refuses a directory whose story still runs', async () => {
  using folder = temporaryDirectory();
  const directory = join(folder.path, 'story');
  const story = spawn(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { claimDirectory } from ${JSON.stringify(new URL('../../../sandbox/story/claim-directory.ts', import.meta.url).href)};
     await claimDirectory(process.argv[1]);
     console.log('claimed');
     setInterval(() => {}, 1000);`,
    directory,
  ]);
  try {
    await new Promise((resolve) => story.stdout.once('data', resolve));
    await expect(claimDirectory(directory)).rejects.toMatchObject({
      code: 'story-running',
      message: expect.stringContaining(`(process ${story.pid}). Stop it with Ctrl-C`),
    });
  } finally {
    story.kill('SIGKILL');
  }
});

it.each([
  ['was killed before it had written it', ''],
  ['has ended', '999999999 12345\n'],
  ['had the number of another process of today', `${process.ppid} 1\n`],
])('takes over from a story whose claim %s', async (_, claim) => {
  using left = await leftBy(claim);
  await claimDirectory(left.directory);
  expect(existsSync(join(left.directory, 'left-over'))).toBe(false);
  expect(readFileSync(join(left.directory, 'pid'), 'utf8')).toMatch(new RegExp(`^${process.pid} \\S+\\n$`));
});
