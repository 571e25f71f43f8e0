import { nearestName } from '../config/nearest-name.ts';

/** `there is no view "x"`, with the one that was probably meant. */
export function missingName(what: string, name: string, names: readonly string[]): string {
  const meant = nearestName(name, names);
  if (meant !== undefined) return `there is no ${what} "${name}"; did you mean "${meant}"?`;
  return `there is no ${what} "${name}" (${names.length === 0 ? 'there is none at all' : `allowed: ${names.join(', ')}`})`;
}
