/** The bytes from `start` to `end` (excluded) of a stream that begins at 0. */
export async function* skipBytes(
  stream: AsyncIterable<Uint8Array>,
  start: number,
  end = Number.POSITIVE_INFINITY,
): AsyncIterable<Uint8Array> {
  let position = 0;
  for await (const bytes of stream) {
    const from = Math.max(start - position, 0);
    const to = Math.min(end - position, bytes.length);
    if (to > from) yield bytes.subarray(from, to);
    position += bytes.length;
    if (position >= end) return;
  }
}
