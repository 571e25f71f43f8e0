import { isDeepStrictEqual } from 'node:util';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Ledger } from '../../pipelines/ports/ledger.ts';

/** A ledger in memory, held to the same contract as the real one. `writes` counts commits. */
export function memoryLedger(): Ledger & { writes: string[] } {
  const documents = new Map<string, string>();
  const writes: string[] = [];
  const readNow = (path: string): unknown => JSON.parse(documents.get(path) ?? 'null');
  return {
    writes,
    read: async (path) => readNow(path),
    list: async (folder) => {
      const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
      return [...documents.keys()].filter((path) => path.startsWith(prefix)).sort();
    },
    async write(entries, message, { replace = false } = {}) {
      const changed = entries.filter(
        ({ path, document }) => !documents.has(path) || !isDeepStrictEqual(readNow(path), document),
      );
      const conflict = changed.find(({ path }) => documents.has(path) && !replace);
      if (conflict !== undefined) {
        throw new PulltrainError('ledger-conflict', { what: 'another document is there', where: conflict.path });
      }
      if (changed.length === 0) return;
      for (const { path, document } of changed) documents.set(path, JSON.stringify(document));
      writes.push(message);
    },
  };
}
