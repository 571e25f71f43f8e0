import { setTimeout as wait } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/**
 * One reply: bytes from the asked start up to `end` (excluded, null when the server does not tell), and what names this
 * version of the object.
 */
export type Reply = { bytes: AsyncIterable<Uint8Array>; end: number | null; version?: string };

type Place = { start: number; end?: number; version?: string };

/** How often a connection may break in a row without a single byte arriving. */
const patience = 4;

/**
 * The bytes of a range over connections that break: each time it asks again for what is still missing, of the same
 * version. A reply that ends before the length it announced counts as broken, as does one that goes on beyond it. `ask`
 * throws a PulltrainError for what asking again does not cure, and gives null when nothing lies in the range. Waits 0.1 s,
 * then twice as long each time; throws what broke last.
 */
export async function* readResuming(
  range: { start: number; end?: number },
  ask: (place: Place) => Promise<Reply | null>,
): AsyncIterable<Uint8Array> {
  const place: Place = { ...range };
  let failures = 0;
  while (true) {
    const from = place.start;
    const broken = yield* readOnce(place, ask);
    const isDone = place.end !== undefined && place.start >= place.end;
    if (broken === null || isDone) return;
    failures = place.start > from ? 1 : failures + 1;
    if (failures > patience) throw broken;
    await wait(100 * 2 ** (failures - 1));
  }
}

/** Moves `place.start` on with every piece; returns why it broke, null when it was complete. */
async function* readOnce(
  place: Place,
  ask: (place: Place) => Promise<Reply | null>,
): AsyncGenerator<Uint8Array, Error | null, void> {
  try {
    const reply = await ask(place);
    if (reply === null) return null;
    const { bytes: stream, version } = reply;
    const end = place.end === undefined ? reply.end : Math.min(place.end, reply.end ?? place.end);
    if (version !== undefined) place.version = version;
    for await (const bytes of stream) {
      if (end !== null && place.start + bytes.length > end)
        return new Error(`more bytes came than the ${end} announced`);
      place.start += bytes.length;
      yield bytes;
    }
    const isShort = end !== null && place.start < end;
    return isShort ? new Error(`the connection ended at byte ${place.start} of ${end}`) : null;
  } catch (cause) {
    if (cause instanceof PulltrainError) throw cause;
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}
