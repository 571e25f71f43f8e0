import { type Checkpoint, checkpointSchema } from '../../pipelines/contracts/checkpoint.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { integrityHex } from '../../pipelines/integrity.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import type { ContentStore } from '../../pipelines/ports/content-store.ts';
import type { ObjectRemote } from '../../pipelines/ports/object-remote.ts';

/** Bytes of one manifest. */
const largest = 65_536;

/** Whole copies of checkpoint folders, by the content key of the stage. */
export type Checkpoints = {
  readonly address: string;
  /** The newest, or null. */
  newest(key: string): Promise<Checkpoint | null>;
  /** Makes `folder` what it was; false when bytes are missing or damaged. */
  restore(checkpoint: Checkpoint, folder: string): Promise<boolean>;
  /** Stores what lies in `folder`. It becomes the newest at once, and only when all of it is stored. */
  take(key: string, attempt: number, folder: string, isWhole: () => Promise<boolean>): Promise<Checkpoint | null>;
  /** When the stage has ended well nobody goes on from them. */
  forget(key: string): Promise<void>;
};

/** Checkpoints in a remote: bytes in its content store, and for each a small manifest that is written last. */
export function openCheckpoints(place: { entries: ObjectRemote; store: ContentStore; clock: Clock }): Checkpoints {
  const { entries, store, clock } = place;

  async function namesOf(key: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of entries.list(folderOf(key))) names.push(name);
    return names.sort();
  }

  async function read(name: string): Promise<Checkpoint | null> {
    const size = await entries.size(name);
    if (size === null || size > largest) return null;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entries.read(name)) chunks.push(chunk);
    return parse(Buffer.concat(chunks).toString());
  }

  return {
    address: entries.address,

    async newest(key) {
      for (const name of (await namesOf(key)).reverse()) {
        const found = await read(name);
        if (found?.key === key) return found;
      }
      return null;
    },

    async restore(checkpoint, folder) {
      try {
        await store.getTree(checkpoint.integrity, folder);
        return true;
      } catch (thrown) {
        if (thrown instanceof PulltrainError && ['content-missing', 'content-corrupt'].includes(thrown.code))
          return false;
        throw thrown;
      }
    },

    async take(key, attempt, folder, isWhole) {
      const stored = await store.putTree(folder);
      // Somebody wrote while we read: what was stored is nobody's checkpoint.
      if (stored.files === 0 || !(await isWhole())) return null;
      const { integrity, size, files } = stored;
      const takenAt = clock.now().toISOString();
      const made: Checkpoint = { kind: 'checkpoint', version: 1, key, attempt, integrity, size, files, takenAt };
      const names = await namesOf(key);
      const last = Number(/(\d+)\.json$/.exec(names.at(-1) ?? '')?.[1] ?? 0);
      const name = `${folderOf(key)}${String(last + 1).padStart(8, '0')}.json`;
      await entries.write(name, Buffer.from(`${JSON.stringify(made)}\n`));
      for (const old of names.slice(0, -1)) await entries.remove(old);
      return made;
    },

    async forget(key) {
      for (const name of await namesOf(key)) await entries.remove(name);
    },
  };
}

function folderOf(key: string): string {
  const hex = integrityHex(key);
  return `checkpoints/${hex.slice(0, 2)}/${hex.slice(2)}/`;
}

function parse(text: string): Checkpoint | null {
  try {
    return checkpointSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
