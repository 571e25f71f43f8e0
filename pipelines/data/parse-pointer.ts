import { parse } from 'yaml';
import { type Pointer, pointerSchema } from '../contracts/pointer.ts';
import { PulltrainError } from '../errors.ts';

/** Characters; a pointer describes a table with some thousands of columns in less. */
const longest = 1_048_576;

/** Reads a `*.pointer.yml`. Throws `pointer-invalid` with every fault; `file` is what the sentence calls the text. */
export function parsePointer(text: string, file: string): Pointer {
  if (text.length > longest) {
    throw new PulltrainError('pointer-invalid', { what: `longer than ${longest} characters`, where: file });
  }
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
