/** What crosses the pipe between the two processes: a kind, a length, and that many bytes. */
export type Frame = { kind: number; payload: Buffer };

export const frameKinds = { json: 1, numbers: 2, texts: 3 } as const;

/** Bytes; a frame that claims more is refused before it is collected. */
const largest = 2 ** 28;

/** The two buffers of one frame, header and payload, to be written in this order. */
export function encodeFrame(kind: number, payload: Uint8Array): [Buffer, Uint8Array] {
  const header = Buffer.alloc(5);
  header.writeUInt8(kind, 0);
  header.writeUInt32LE(payload.byteLength, 1);
  return [header, payload];
}

export function encodeJson(value: unknown): [Buffer, Uint8Array] {
  return encodeFrame(frameKinds.json, Buffer.from(JSON.stringify(value)));
}

/** Frames as they arrive; a stream that ends inside a frame just ends. */
export async function* readFrames(stream: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let chunks: Buffer[] = [];
  let held = 0;
  const take = (length: number): Buffer => {
    const all = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    chunks = all.length > length ? [all.subarray(length)] : [];
    held = all.length - length;
    return all.subarray(0, length);
  };
  let header: Buffer | null = null;
  for await (const chunk of stream) {
    chunks.push(chunk);
    held += chunk.length;
    for (;;) {
      if (header === null) {
        if (held < 5) break;
        header = take(5);
        if (header.readUInt32LE(1) > largest) throw new RangeError('a frame is larger than allowed');
      }
      const length = header.readUInt32LE(1);
      if (held < length) break;
      yield { kind: header.readUInt8(0), payload: take(length) };
      header = null;
    }
  }
}

/** Doubles of a payload, copied so that they are aligned. */
export function toDoubles(payload: Buffer): Float64Array {
  const copy = new Uint8Array(payload.length - (payload.length % 8));
  copy.set(payload.subarray(0, copy.length));
  return new Float64Array(copy.buffer);
}
