import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGit } from './run-git.ts';

/** Checks a commit out into a folder of its own, without touching the checkout, and removes the folder afterwards. */
export async function withWorktree<Value>(
  directory: string,
  commit: string,
  work: (folder: string) => Promise<Value>,
): Promise<Value> {
  const parent = await mkdtemp(join(tmpdir(), 'pulltrain-worktree-'));
  const folder = join(parent, 'checkout');
  try {
    await runGit(directory, ['worktree', 'add', '--quiet', '--detach', '--end-of-options', folder, commit]);
    return await work(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
    await runGit(directory, ['worktree', 'prune']).catch(() => undefined);
  }
}
