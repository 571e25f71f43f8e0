import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { type StageRun, stageRunSchema } from '../../pipelines/contracts/stage-run.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityHex } from '../../pipelines/integrity.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';
import type { RunCache, WorkingFiles } from '../../pipelines/training/pipeline-ports.ts';
import { placePath } from '../content-store/place-path.ts';
import { storePath } from '../content-store/store-path.ts';

/** Bytes of one entry. */
const largestEntry = 4 * 1024 ** 2;

export type RunCachePlace = {
  /** Holds `runs/ab/cdef....json`. */
  entries: ObjectRemote;
  /** Holds the outputs. */
  store: ContentStore;
  /** Root of the checkout. */
  directory: string;
  files: Pick<WorkingFiles, 'fingerprint' | 'prepare'>;
  writable: boolean;
  /** Read and written by this machine alone, so that outputs that are not to be shared may be kept there. */
  own: boolean;
};

/**
 * Finished stages in a remote, by content key. An entry is written after its outputs, and only once: the first who made
 * something under a key is who everybody agrees with. One whose outputs have gone is removed, so that it can be made again.
 */
export function openRunCache({ entries, store, directory, files, writable, own }: RunCachePlace): RunCache {
  return {
    address: own ? 'this machine' : entries.address,
    writable,

    async find(key) {
      const name = nameOf(key);
      const size = await entries.size(name);
      if (size === null || size > largestEntry) return null;
      const parsed = stageRunSchema.safeParse(parseJson(await readAll(entries, name)));
      if (!parsed.success || parsed.data.key !== key) return null;
      return parsed.data.outs.every(({ integrity }) => integrity !== null) ? parsed.data : null;
    },

    async restore(run) {
      try {
        for (const { path, type, integrity, fingerprint } of run.outs) {
          if (integrity === null) return false;
          // What lies there already need not travel.
          if ((await files.fingerprint(path))?.fingerprint === fingerprint) continue;
          await files.prepare([path]);
          await placePath(store, { type, integrity }, join(directory, path));
          if ((await files.fingerprint(path))?.fingerprint !== fingerprint) return false;
        }
        return true;
      } catch (thrown) {
        if (!(thrown instanceof PulltrainError) || !['content-missing', 'content-corrupt'].includes(thrown.code)) {
          throw thrown;
        }
        await entries.remove(nameOf(run.key)).catch(() => undefined);
        return false;
      }
    },

    async save(run, local) {
      if (!own && local.length > 0) return run;
      const outs: StageRun['outs'] = [];
      for (const out of run.outs) {
        const place = join(directory, out.path);
        if ((await lstat(place)).isSymbolicLink()) {
          throw new PulltrainError('output-is-link', { what: 'the output is a symbolic link', where: out.path });
        }
        const { integrity } = await storePath(store, place);
        outs.push({ ...out, integrity });
      }
      const named = { ...run, outs };
      await entries.write(nameOf(run.key), Buffer.from(`${JSON.stringify(named)}\n`));
      return named;
    },
  };
}

function nameOf(key: string): string {
  const hex = integrityHex(key);
  return `runs/${hex.slice(0, 2)}/${hex.slice(2)}.json`;
}

async function readAll(remote: ObjectRemote, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of remote.read(name)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
