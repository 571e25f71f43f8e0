import { mkdir, opendir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isBeingWritten } from '../process/is-being-written.ts';
import type { Checkpoints } from './open-checkpoints.ts';

/** Milliseconds between two looks at the folder. */
const every = 500;
/** Milliseconds without a change after which a folder is taken for whole: where the system tells of open files, and elsewhere. */
const quiet = { watched: 150, unwatched: 2000 };

export type CheckpointKeeper = {
  /** From 1 on. */
  attempt: number;
  /** The program says that the folder is whole now. */
  whole(): void;
  /** Ends the watch; after a stage that ended well nothing is kept. */
  end(succeeded: boolean): Promise<void>;
};

/**
 * Empties the checkpoint folder of a stage, fills it from the newest whole copy that any of `places` has, and keeps taking
 * copies while the stage runs. A copy during which a file changed is thrown away. A folder is whole when nobody has a file
 * of it open for writing; a checkpoint of several files is whole when the program says so (`{"checkpoint": true}`), and a
 * program that has said so once is waited for from then on.
 */
export async function keepCheckpoints(
  key: string,
  folder: string,
  places: readonly Checkpoints[],
  note: (line: string) => void,
): Promise<CheckpointKeeper> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const attempt = await goOn(key, folder, places, note);
  let kept = (await look(folder)).text;
  let tells = false;
  let working: Promise<void> = Promise.resolve();

  async function take(now: string): Promise<void> {
    for (const place of places) {
      try {
        const taken = await place.take(key, attempt, folder, async () => (await look(folder)).text === now);
        if (taken === null) return;
      } catch (thrown) {
        note(`A checkpoint was not kept in ${place.address}: ${thrown instanceof Error ? thrown.message : thrown}`);
      }
    }
    kept = now;
  }

  async function check(said: boolean): Promise<void> {
    const now = await look(folder);
    if (now.text === '' || now.text === kept || (tells && !said)) return;
    if (said || (await isWhole(folder, Date.now() - now.newest))) await take(now.text);
  }

  let busy = false;
  const again = (said: boolean) => {
    if (busy && !said) return;
    busy = true;
    working = working
      .then(() => check(said))
      .finally(() => {
        busy = false;
      });
  };
  const timer = setInterval(() => again(false), every);
  return {
    attempt,
    whole() {
      tells = true;
      again(true);
    },
    async end(succeeded) {
      clearInterval(timer);
      await working;
      if (!succeeded) return;
      for (const place of places) {
        await place.forget(key).catch((thrown: unknown) => {
          note(
            `Checkpoints could not be removed from ${place.address}: ${thrown instanceof Error ? thrown.message : thrown}`,
          );
        });
      }
    },
  };
}

async function goOn(
  key: string,
  folder: string,
  places: readonly Checkpoints[],
  note: (line: string) => void,
): Promise<number> {
  for (const place of places) {
    const found = await place.newest(key);
    if (found === null) continue;
    if (await place.restore(found, folder)) {
      note(`Going on from the checkpoint of ${found.takenAt}: attempt ${found.attempt + 1}`);
      return found.attempt + 1;
    }
    await mkdir(folder, { recursive: true });
  }
  return 1;
}

async function isWhole(folder: string, quietFor: number): Promise<boolean> {
  if (quietFor < quiet.watched) return false;
  const written = await isBeingWritten(folder);
  return written === null ? quietFor >= quiet.unwatched : !written;
}

/** Names, sizes and times of all files below, as one text ('' for none), and the time of the newest in milliseconds. */
async function look(folder: string): Promise<{ text: string; newest: number }> {
  const lines: string[] = [];
  let newest = 0;
  for await (const entry of await opendir(folder, { recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const found = await stat(path, { bigint: true }).catch(() => null);
    newest = Math.max(newest, Number((found?.ctimeNs ?? 0n) / 1_000_000n));
    lines.push(`${path}\0${found?.size}\0${found?.mtimeNs}\0${found?.ino}`);
  }
  return { text: lines.sort().join('\n'), newest };
}
