import { setTimeout as pause } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger, LedgerEntry } from '../../pipelines/ports/ledger.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';
import { readFile } from '../github/read-file.ts';

export type LedgerPlace = { owner: string; repo: string; branch?: string };

/** A race is lost at most once per other writer; more lost races than this is not a race. */
const attempts = 8;

/**
 * The ledger over REST. A write is one commit put on the branch by a fast-forward of its ref, the one compare-and-swap
 * GitHub has; who loses the race reads again and tries again. Writing what is there already makes no commit.
 */
export function openLedger(github: GitHub, { owner, repo, branch = 'ledger' }: LedgerPlace): Ledger {
  const git = github.rest.git;
  const place = { owner, repo };

  /** The commit the branch stands on and its tree; null when there is no branch. */
  async function readHead(): Promise<{ commit: string; tree: string } | null> {
    try {
      const ref = await git.getRef({ ...place, ref: `heads/${branch}` });
      const commit = await git.getCommit({ ...place, commit_sha: ref.data.object.sha });
      return { commit: commit.data.sha, tree: commit.data.tree.sha };
    } catch (error) {
      if (isStatus(error, 404)) return null;
      throw error;
    }
  }

  /** True when written or already there, false when another writer was faster. */
  async function tryWrite(entries: readonly LedgerEntry[], message: string, replace: boolean): Promise<boolean> {
    const head = await readHead();
    const files = entries.map(({ path, document }) => ({ path, content: formatDocument(document) }));
    if (head !== null && !replace) {
      const present = await Promise.all(files.map(({ path }) => readFile(github, place, path, head.commit)));
      for (const [index, { path, content }] of files.entries()) refuseOther(path, present[index] ?? null, content);
      if (files.every(({ content }, index) => present[index] === content)) return true;
    }
    const tree = await git.createTree({
      ...place,
      ...(head === null ? {} : { base_tree: head.tree }),
      tree: files.map(({ path, content }) => ({ path, mode: '100644', type: 'blob', content })),
    });
    if (tree.data.sha === head?.tree) return true;
    const commit = await git.createCommit({
      ...place,
      message,
      tree: tree.data.sha,
      parents: head === null ? [] : [head.commit],
    });
    try {
      if (head === null) await git.createRef({ ...place, ref: `refs/heads/${branch}`, sha: commit.data.sha });
      else await git.updateRef({ ...place, ref: `heads/${branch}`, sha: commit.data.sha, force: false });
      return true;
    } catch (error) {
      if (isStatus(error, 409, 422)) return false;
      throw error;
    }
  }

  return {
    async read(path) {
      const text = await readFile(github, place, path, branch);
      if (text === null) return null;
      return parseText(path, text);
    },

    async list(folder) {
      const root = `${folder.replace(/\/+$/, '')}`;
      let tree = (await readHead())?.tree ?? null;
      for (const part of root === '' ? [] : root.split('/')) {
        if (tree === null) return [];
        const { data } = await git.getTree({ ...place, tree_sha: tree });
        tree = data.tree.find((entry) => entry.path === part && entry.type === 'tree')?.sha ?? null;
      }
      if (tree === null) return [];
      const { data } = await git.getTree({ ...place, tree_sha: tree, recursive: 'true' });
      if (data.truncated)
        throw new PulltrainError('ledger-too-large', { what: 'too many documents to list', where: root });
      const prefix = root === '' ? '' : `${root}/`;
      return data.tree
        .filter((entry) => entry.type === 'blob')
        .map((entry) => `${prefix}${entry.path}`)
        .sort();
    },

    async write(entries, message, { replace = false } = {}) {
      if (entries.length === 0) return;
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        if (await tryWrite(entries, message, replace)) return;
        await pause(20 * 2 ** attempt * (0.5 + Math.random()));
      }
      throw new PulltrainError('ledger-contended', {
        what: `the branch moved under every one of ${attempts} attempts to write`,
        where: `${owner}/${repo}, branch ${branch}`,
        cure: 'Check that nothing protects the branch against the App, then deliver the event again',
      });
    },
  };
}

function formatDocument(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function parseText(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PulltrainError('ledger-corrupt', { what: 'not JSON', where: path, cause });
  }
}

function refuseOther(path: string, present: string | null, wanted: string): void {
  if (present === null || present === wanted) return;
  throw new PulltrainError('ledger-conflict', {
    what: 'another document is recorded under this path, and records are not changed',
    where: path,
  });
}
