import { z } from 'zod';
import { canonicalJson } from '../../canonical-json.ts';

/** Hex digits of a sha512. */
const digestSchema = z.string().regex(/^[0-9a-f]{128}$/, 'expected 128 hex digits');

const chunkListSchema = z.strictObject({
  kind: z.literal('chunks'),
  version: z.literal(1),
  chunks: z.array(z.tuple([digestSchema, z.int().positive()])),
});
/** The chunks of a file in order: sha512 in hex and bytes of each. */
export type Chunk = readonly [digest: string, size: number];

export function formatChunkList(chunks: readonly Chunk[]): string {
  return canonicalJson({ kind: 'chunks', version: 1, chunks });
}

/** Null for what is no list of chunks. */
export function parseChunkList(text: string): readonly Chunk[] | null {
  try {
    const list = chunkListSchema.safeParse(JSON.parse(text));
    return list.success ? list.data.chunks : null;
  } catch {
    return null;
  }
}
