import { join } from 'node:path';
import type { LedgerReader } from '../../pipelines/ports/ledger.ts';
import { authorization } from '../git/fetch-ref.ts';
import { GitFailed, runGit } from '../git/run-git.ts';
import { openBlobReader } from '../source-tree/open-blob-reader.ts';
import { parseDocument } from './parse-document.ts';

/**
 * The ledger as it stands now, for reading, through git instead of REST: however many documents are read, no API call is
 * made. One fetch brings the list of documents, and one more the content of all that are asked for in the same turn. It
 * lies in a repository of its own below `folder`, because a checkout would keep the settings of a partial fetch. A
 * repository without a ledger has an empty one.
 */
export async function fetchLedger(
  checkout: string,
  { folder, token, branch = 'ledger' }: { folder: string; token: string; branch?: string },
): Promise<LedgerReader> {
  const directory = join(folder, 'ledger.git');
  const origin = (await runGit(checkout, ['remote', 'get-url', 'origin'])).toString().trim();
  await runGit(checkout, ['init', '--quiet', '--bare', '--template=', '--', directory]);
  const fetch = (...args: string[]) =>
    runGit(
      directory,
      ['fetch', '--quiet', '--no-tags', '--no-write-commit-graph', '--filter=blob:none', ...args],
      authorization(token),
    );
  const objects = await fetch('--depth=1', '--end-of-options', origin, `refs/heads/${branch}`).then(
    () => listObjects(directory),
    (thrown: unknown) => {
      if (isMissingBranch(thrown)) return new Map<string, string>();
      throw thrown;
    },
  );
  const bring = inOneGo(async (wanted: readonly string[]) => {
    await fetch('--no-write-fetch-head', '--end-of-options', origin, ...wanted);
    const blobs = openBlobReader(directory);
    try {
      const contents = await Promise.all(wanted.map((object) => blobs.read(object)));
      return new Map(wanted.map((object, index) => [object, contents[index] ?? new Uint8Array()]));
    } finally {
      await blobs.close();
    }
  });
  return {
    async read(path) {
      const object = objects.get(path);
      if (object === undefined) return null;
      return parseDocument(path, Buffer.from(await bring(object)).toString('utf8'));
    },
    async list(folder) {
      const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
      return [...objects.keys()].filter((path) => path.startsWith(prefix)).sort();
    },
  };
}

/** Path of every document to its git object. */
async function listObjects(directory: string): Promise<Map<string, string>> {
  const listing = await runGit(directory, ['ls-tree', '-r', '-z', '--full-tree', 'FETCH_HEAD']);
  const found = new Map<string, string>();
  for (const line of listing.toString().split('\0')) {
    const tab = line.indexOf('\t');
    const [, kind, object] = line.slice(0, Math.max(tab, 0)).split(' ');
    if (kind === 'blob' && object !== undefined) found.set(line.slice(tab + 1), object);
  }
  return found;
}

/** Git says it in English, as `runGit` asks it to. */
function isMissingBranch(thrown: unknown): boolean {
  return thrown instanceof GitFailed && thrown.message.includes("couldn't find remote ref");
}

type Answers = Map<string, Uint8Array>;

/** Asks for all names of one turn together, and for each name once. */
function inOneGo(ask: (names: readonly string[]) => Promise<Answers>): (name: string) => Promise<Uint8Array> {
  const asked = new Map<string, Promise<Answers>>();
  let waiting: { names: string[]; answers: Promise<Answers> } | null = null;
  const begin = () => {
    const names: string[] = [];
    const answers = Promise.resolve().then(() => {
      waiting = null;
      return ask(names);
    });
    return { names, answers };
  };
  return async (name) => {
    let answers = asked.get(name);
    if (answers === undefined) {
      waiting ??= begin();
      waiting.names.push(name);
      answers = waiting.answers;
      asked.set(name, answers);
    }
    return (await answers).get(name) ?? new Uint8Array();
  };
}
