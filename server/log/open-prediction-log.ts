import { join } from 'node:path';
import type { Prediction } from '../../pipelines/contracts/prediction.ts';
import { openSegment, type Segment } from './open-segment.ts';

export type PredictionLog = {
  append(predictions: readonly Prediction[]): void;
  /** Rows that could not be kept because the disk took nothing for too long. */
  dropped(): number;
  /** Everything appended so far is in the files. Rejects when the disk refuses. */
  flush(): Promise<void>;
  close(): Promise<void>;
};

/** Milliseconds between writes. */
const interval = 200;
/** Characters kept in memory while the disk does not take them. */
const patience = 32 * 2 ** 20;

type Pending = { lines: string[]; characters: number };

/**
 * The prediction log: JSON lines in `<folder>/<model>/<hour>.jsonl`, the hour (UTC) in which the server answered.
 * Lines are written whole and in order; a write that fails is tried again, and `onFault` hears of it.
 */
export function openPredictionLog(folder: string, onFault: (fault: unknown) => void): PredictionLog {
  const pending = new Map<string, Pending>();
  const segments = new Map<string, { path: string; segment: Segment }>();
  let dropped = 0;
  let writing: Promise<void> = Promise.resolve();
  const timer = setInterval(() => void flush().catch(onFault), interval);

  function append(predictions: readonly Prediction[]): void {
    for (const prediction of predictions) {
      const path = join(folder, prediction.model, `${prediction.at.slice(0, 13)}.jsonl`);
      const batch = pending.get(path) ?? { lines: [], characters: 0 };
      pending.set(path, batch);
      const line = `${JSON.stringify(prediction)}\n`;
      if (batch.characters + line.length > patience) {
        dropped += 1;
        continue;
      }
      batch.lines.push(line);
      batch.characters += line.length;
    }
  }

  function flush(): Promise<void> {
    writing = writing.catch(() => undefined).then(writePending);
    return writing;
  }

  async function writePending(): Promise<void> {
    for (const [path, batch] of pending) {
      const count = batch.lines.length;
      const text = Buffer.from(batch.lines.join(''));
      const segment = await segmentOf(path);
      await segment.write(text);
      // Rows may have come in meanwhile; only what was written leaves the memory.
      batch.lines.splice(0, count);
      batch.characters = batch.lines.reduce((sum, line) => sum + line.length, 0);
      if (batch.lines.length === 0) pending.delete(path);
    }
  }

  /** One open file per model: a new hour closes the last one. */
  async function segmentOf(path: string): Promise<Segment> {
    const model = join(path, '..');
    const current = segments.get(model);
    if (current?.path === path) return current.segment;
    segments.delete(model);
    await current?.segment.close();
    const segment = await openSegment(path);
    segments.set(model, { path, segment });
    return segment;
  }

  return {
    append,
    flush,
    dropped: () => dropped,
    async close() {
      clearInterval(timer);
      try {
        await flush();
      } finally {
        await Promise.allSettled([...segments.values()].map(({ segment }) => segment.close()));
      }
    },
  };
}
