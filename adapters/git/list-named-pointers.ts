import { pointerPath } from '../../pipelines/contracts/pointer.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { StoredContent } from '../../pipelines/ports/content-store.ts';
import { openBlobReader } from '../source-tree/open-blob-reader.ts';
import { GitFailed, runGit } from './run-git.ts';

const ending = pointerPath('');

/**
 * What the pointers of a repository name: those at the tip of every branch, tag, remote branch, stash and HEAD, or with
 * `history` those of every commit. Nothing outside a repository. A pointer that cannot be read counts for every
 * integrity in its text, as a file and as a directory.
 */
export async function listNamedPointers(directory: string, history: boolean): Promise<StoredContent[]> {
  const blobs = await (history ? blobsOfHistory(directory) : blobsOfTips(directory));
  const reader = openBlobReader(directory);
  try {
    const named = new Map<string, StoredContent>();
    for (const blob of blobs) {
      const text = Buffer.from(await reader.read(blob)).toString();
      for (const content of contentsOf(text)) named.set(`${content.type} ${content.integrity}`, content);
    }
    return [...named.values()];
  } finally {
    await reader.close();
  }
}

function contentsOf(text: string): StoredContent[] {
  try {
    const { type = 'file', integrity } = parsePointer(text, 'pointer');
    return [{ type, integrity }];
  } catch (thrown) {
    if (!(thrown instanceof PulltrainError)) throw thrown;
    const found = text.match(/sha512-[A-Za-z0-9+/]{86}==/g) ?? [];
    return found.map((integrity): StoredContent => ({ type: 'file', integrity }));
  }
}

async function blobsOfTips(directory: string): Promise<Set<string>> {
  const blobs = new Set<string>();
  for (const commit of await tips(directory)) {
    const listed = await runGit(directory, ['ls-tree', '-r', '-z', '--full-tree', commit]).catch((thrown) => {
      if (thrown instanceof GitFailed) return Buffer.alloc(0);
      throw thrown;
    });
    for (const line of listed.toString().split('\0')) {
      if (!line.endsWith(ending)) continue;
      const [, kind, blob] = line.slice(0, line.indexOf('\t')).split(' ');
      if (kind === 'blob' && blob !== undefined) blobs.add(blob);
    }
  }
  return blobs;
}

async function tips(directory: string): Promise<Set<string>> {
  try {
    const refs = await runGit(directory, ['for-each-ref', '--format=%(objectname)']);
    const commits = new Set(
      refs
        .toString()
        .split('\n')
        .filter((line) => line !== ''),
    );
    const head = await runGit(directory, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch(() => null);
    if (head !== null) commits.add(head.toString().trim());
    return commits;
  } catch (thrown) {
    if (thrown instanceof GitFailed) return new Set();
    throw thrown;
  }
}

async function blobsOfHistory(directory: string): Promise<Set<string>> {
  const listed = await runGit(directory, ['rev-list', '--all', '--reflog', '--objects']).catch((thrown) => {
    if (thrown instanceof GitFailed) return Buffer.alloc(0);
    throw thrown;
  });
  const lines = listed
    .toString()
    .split('\n')
    .filter((line) => line.endsWith(ending));
  return new Set(lines.map((line) => line.slice(0, line.indexOf(' '))));
}
