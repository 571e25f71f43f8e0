import { stringify } from 'yaml';
import { type Pointer, pointerSchema } from '../contracts/pointer.ts';

/** The text of a `*.pointer.yml`, with its keys in the order of the schema; `parsePointer` reads it back. */
export function formatPointer(pointer: Pointer): string {
  return stringify(pointerSchema.parse(pointer), { lineWidth: 0 });
}
