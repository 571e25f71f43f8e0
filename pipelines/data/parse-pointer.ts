import { parse } from 'yaml';
import { type Pointer, pointerSchema } from '../contracts/pointer.ts';
import { PulltrainError } from '../errors.ts';

/** Reads a `*.pointer.yml`. Throws `pointer-invalid` with every fault; `file` is what the sentence calls the text. */
export function parsePointer(text: string, file: string): Pointer {
  const pointer = pointerSchema.safeParse(parseText(text, file));
  if (pointer.success) return pointer.data;
  const faults = pointer.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`);
  throw new PulltrainError('pointer-invalid', { what: `not a pointer: ${faults.join('; ')}`, where: file });
}

function parseText(text: string, file: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new PulltrainError('pointer-invalid', { what: 'not readable as YAML', where: file, cause });
  }
}
