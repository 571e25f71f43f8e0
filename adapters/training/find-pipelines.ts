import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { GitFailed, runGit } from '../git/run-git.ts';

/** Folders that hold other people's pipelines, or none. */
const passedOver = new Set(['.git', '.dvc', '.pulltrain', 'node_modules', 'site-packages', '.venv', 'venv']);

/** Paths of every `dvc.yaml` of a checkout: those git knows or would add, or all where there is no git. */
export async function findPipelines(directory: string): Promise<string[]> {
  try {
    const out = await runGit(directory, [
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      '--deduplicate',
      '--',
      ':(glob)**/dvc.yaml',
    ]);
    return out
      .toString()
      .split('\0')
      .filter((path) => path !== '' && !path.split('/').some((part) => passedOver.has(part)))
      .sort();
  } catch (thrown) {
    if (!(thrown instanceof GitFailed)) throw thrown;
  }
  const found: string[] = [];
  await walk(directory, '', found);
  return found.sort();
}

async function walk(root: string, folder: string, found: string[]): Promise<void> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    if (passedOver.has(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) await walk(root, path, found);
    else if (entry.name === 'dvc.yaml') found.push(path);
  }
}
