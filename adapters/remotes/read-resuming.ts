import { setTimeout as wait } from 'node:timers/promises';

/** One reply: bytes from the asked start up to `end` (excluded), and what names this version of the object. */
export type Reply = { bytes: AsyncIterable<Uint8Array>; end: number; version?: string };

type Place = { start: number; end?: number; version?: string };

/** How often a connection may break in a row without a single byte arriving. */
const patience = 4;

/**
 * The bytes of a range over connections that break: each time it asks again for what is still missing, of the same
 * version. A reply that ends before the length it announced counts as broken; one that goes on beyond is an error. Waits
 * 0.1 s, then twice as long each time.
 */
export async function* readResuming(
  range: { start: number; end?: number },
  ask: (place: Place) => Promise<Reply | null>,
): AsyncIterable<Uint8Array> {
  const place: Place = { ...range };
  for (let failures = 0; ; failures += 1) {
    const reply = await ask(place);
    if (reply === null) return;
    if (reply.version !== undefined) place.version = reply.version;
    const broken = yield* readOnce(place, reply, () => {
      failures = 0;
    });
    if (broken === null) return;
    if (failures >= patience) throw broken;
    await wait(100 * 2 ** failures);
  }
}

/** Moves `place.start` on with every piece; returns why the reply broke, null when it was complete. */
async function* readOnce(
  place: Place,
  reply: Reply,
  onProgress: () => void,
): AsyncGenerator<Uint8Array, Error | null, void> {
  try {
    for await (const bytes of reply.bytes) {
      if (place.start + bytes.length > reply.end) return new Error(`more bytes than the ${reply.end} announced`);
      place.start += bytes.length;
      onProgress();
      yield bytes;
    }
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
  return place.start < reply.end ? new Error(`the connection ended at byte ${place.start} of ${reply.end}`) : null;
}
