import type { Source } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';
import type { ContentStore } from '../ports/content-store.ts';
import type { Workspace } from './training-ports.ts';

/**
 * Puts the data behind every pointer in its place, verified; data that is already there is left alone. A file with other
 * bytes is replaced only when the store has those too, so that nobody's work is lost. Returns the paths that were placed.
 * Throws `remote-missing`, `data-differs`, or what the store throws.
 */
export async function fetchSources(
  sources: readonly Source[],
  ports: {
    workspace: Workspace;
    store: ContentStore | null;
    /** Brings what DVC keeps at a path; true when something was placed. */
    pullDvc?(path: string): Promise<boolean>;
    progress(line: string): void;
  },
): Promise<string[]> {
  const { workspace, store, progress } = ports;
  const placed: string[] = [];
  for (const { path, integrity, type = 'file' } of sources.filter(({ origin }) => origin === 'pointer')) {
    if ((await workspace.integrity(path, integrity)) === integrity) continue;
    if (store === null) {
      throw new PulltrainError('remote-missing', {
        what: `${path} lies in a data store, and none is named`,
        cure: 'Give the data-remote (or data.remote in pulltrain.yml).',
      });
    }
    const present = await workspace.integrity(path, 'sha512');
    if (present !== null && !(await store.has(present))) {
      throw new PulltrainError('data-differs', {
        what: `the ${type} is not what its pointer names, and the store does not have it`,
        where: path,
        cure: `Keep it with "pulltrain data add ${path}", or remove it.`,
      });
    }
    progress(`Fetching ${path}`);
    await workspace.place({ type, integrity }, path, store);
    placed.push(path);
  }
  for (const { path } of sources.filter(({ origin }) => origin === 'dvc')) {
    if ((await ports.pullDvc?.(path)) === true) placed.push(path);
  }
  return placed;
}
