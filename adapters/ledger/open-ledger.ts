import { setTimeout as pause } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger, LedgerEntry } from '../../pipelines/ports/ledger.ts';
import type { GitHub } from '../github/client.ts';
import { isStatus } from '../github/is-status.ts';
import { readFile } from '../github/read-file.ts';
import { parseDocument } from './parse-document.ts';

export type LedgerPlace = { owner: string; repo: string; branch?: string };

/** A race is lost at most once per other writer; more lost races than this is not a race. */
const attempts = 8;
/** GitHub shows no more entries of a folder than this, and does not say so. */
const mostListed = 1000;

/**
 * The ledger over REST. A write is one commit put on the branch by a fast-forward of its ref, the one compare-and-swap
 * GitHub has; who loses the race reads again and tries again. Writing what is there already makes no commit.
 */
export function openLedger(github: GitHub, { owner, repo, branch = 'ledger' }: LedgerPlace): Ledger {
  const git = github.rest.git;
  const place = { owner, repo };
  // By its full name: anybody who may push can give a tag the name of the branch.
  const reference = `refs/heads/${branch}`;

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

  /** One call for a folder of documents, and one more for every folder in it. */
  async function listFolder(path: string): Promise<string[]> {
    const entries = await github.rest.repos.getContent({ ...place, path, ref: reference }).then(
      ({ data }) => (Array.isArray(data) ? data : []),
      (error: unknown) => {
        if (isStatus(error, 404)) return [];
        throw error;
      },
    );
    if (entries.length >= mostListed) {
      throw new PulltrainError('ledger-too-large', { what: 'too many documents to list', where: path });
    }
    const below = await Promise.all(
      entries.map((entry) => (entry.type === 'dir' ? listFolder(entry.path) : Promise.resolve([entry.path]))),
    );
    return below.flat();
  }

  return {
    async read(path) {
      const text = await readFile(github, place, path, reference);
      if (text === null) return null;
      return parseDocument(path, text);
    },

    async list(folder) {
      return (await listFolder(folder.replace(/\/+$/, ''))).sort();
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

function refuseOther(path: string, present: string | null, wanted: string): void {
  if (present === null || present === wanted) return;
  throw new PulltrainError('ledger-conflict', {
    what: 'another document is recorded under this path, and records are not changed',
    where: path,
  });
}
