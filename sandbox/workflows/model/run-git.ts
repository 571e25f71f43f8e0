import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PulltrainError } from '../../../pipelines/errors.ts';

const execute = promisify(execFile);

/** Standard output of one git command in a bare repository. Throws `git-failed` with what git said. */
export async function runGit(directory: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await execute('git', ['--git-dir', directory, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message.trim() : String(cause);
    throw new PulltrainError('git-failed', { what: `git ${args[0]} failed`, where: directory, seen, cause });
  }
}

/** The commit a name stands for, or null when it stands for none. */
export async function resolveCommit(directory: string, name: string): Promise<string | null> {
  const found = await runGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]).catch(() => '');
  return found.trim() === '' ? null : found.trim();
}

/** Workflow files of a commit with their blob ids. */
export async function listWorkflowFiles(directory: string, commit: string): Promise<{ path: string; blob: string }[]> {
  const listing = await runGit(directory, ['ls-tree', '-z', commit, '.github/workflows/']);
  return listing
    .split('\0')
    .map((line) => /^\d+ blob ([0-9a-f]+)\t(.+)$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ blob: match[1] ?? '', path: match[2] ?? '' }))
    .filter(({ path }) => /\.ya?ml$/.test(path));
}

/** Paths that differ between two commits; a commit that is not there (a new branch) means every path. */
export async function listChangedPaths(
  directory: string,
  { from, to, fromMergeBase }: { from: string; to: string; fromMergeBase: boolean },
): Promise<string[]> {
  const known = /^0+$/.test(from) ? null : await resolveCommit(directory, from);
  const args =
    known === null
      ? ['ls-tree', '-r', '-z', '--name-only', to]
      : ['diff', '--name-only', '-z', '--no-renames', fromMergeBase ? `${known}...${to}` : `${known}..${to}`];
  return (await runGit(directory, args)).split('\0').filter((path) => path !== '');
}
