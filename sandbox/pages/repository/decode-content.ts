import type { z } from 'zod';
import type { fileShape } from '../github/shapes.ts';

/** Bytes of a file as the contents API gives them (base64 with line breaks). */
export function decodeContent(file: Pick<z.infer<typeof fileShape>, 'content' | 'encoding'>): Buffer {
  return Buffer.from(file.content, file.encoding === 'base64' ? 'base64' : 'utf8');
}
