import { readFile } from 'node:fs/promises';
import { requireObjectName } from '../../adapters/remotes/require-object-name.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';

/** A remote in memory, held to the same contract as the real ones. `objects` may be damaged by a test. */
export function memoryRemote(): ObjectRemote & { objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    address: 'memory',
    async size(name) {
      requireObjectName(name);
      return objects.get(name)?.length ?? null;
    },
    async *list(prefix) {
      for (const [name, bytes] of objects) if (name.startsWith(prefix)) yield { name, size: bytes.length };
    },
    async *read(name, { start = 0, end } = { start: 0 }) {
      requireObjectName(name);
      const bytes = objects.get(name);
      if (bytes === undefined)
        throw new PulltrainError('object-missing', { what: `the remote has no ${name}`, where: 'memory' });
      if (end === undefined || end > start) yield bytes.subarray(start, end);
    },
    async write(name, source) {
      requireObjectName(name);
      if (objects.has(name)) return;
      const bytes = source instanceof Uint8Array ? source : await readFile(source.file);
      if (!(source instanceof Uint8Array) && bytes.length !== source.size)
        throw new PulltrainError('remote-failed', { what: 'the file changed', where: source.file });
      objects.set(name, Uint8Array.from(bytes));
    },
    async remove(name) {
      requireObjectName(name);
      objects.delete(name);
    },
  };
}
