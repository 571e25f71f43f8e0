import { constants, existsSync } from 'node:fs';
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { runGit } from '../git/run-git.ts';

export type Slots = AsyncDisposable & {
  /** A copy of the checkout that nobody else uses, with every tracked file as the snapshot has it. */
  prepare(slot: number): Promise<string>;
};

/**
 * Copies of a checkout side by side, as git worktrees below `folder`. They share its run cache, take data over that lies in
 * it, and keep what earlier trials made in them, so that stages that no parameter touches run once per copy at most.
 */
export async function openSlots(directory: string, folder: string, snapshot: string): Promise<Slots> {
  const root = resolve(directory);
  const pathOf = (slot: number) => join(folder, `copy-${slot + 1}`);
  const made = new Set<number>();
  // What a killed sweep left is known to git and may be half made.
  await rm(folder, { recursive: true, force: true });
  await runGit(root, ['worktree', 'prune']);

  async function make(slot: number): Promise<void> {
    const path = pathOf(slot);
    await mkdir(dirname(path), { recursive: true });
    await runGit(root, ['worktree', 'add', '--quiet', '--detach', path, snapshot]);
    const shared = join(root, '.pulltrain', 'cache');
    await mkdir(shared, { recursive: true });
    await mkdir(join(path, '.pulltrain'), { recursive: true });
    await symlink(shared, join(path, '.pulltrain', 'cache'));
    await bringData(root, path);
  }

  return {
    async prepare(slot) {
      if (!made.has(slot)) await make(slot);
      made.add(slot);
      await runGit(pathOf(slot), ['checkout', '--quiet', '--force', snapshot, '--', '.']);
      return pathOf(slot);
    },
    async [Symbol.asyncDispose]() {
      for (const slot of made) await runGit(root, ['worktree', 'remove', '--force', pathOf(slot)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Data behind pointers, as far as it lies in the checkout: copies that share their blocks where the file system can. */
async function bringData(from: string, to: string): Promise<void> {
  const ending = pointerPath('');
  const listed = await runGit(to, ['ls-files', '-z', '--', `*${ending}`]);
  for (const pointer of listed.toString().split('\0').filter(Boolean)) {
    const path = pointer.slice(0, -ending.length);
    if (!existsSync(join(from, path)) || existsSync(join(to, path))) continue;
    await cp(join(from, path), join(to, path), { recursive: true, mode: constants.COPYFILE_FICLONE });
  }
}
