const MISSING = '(missing)';
const BETWEEN = ' * ';

/**
 * Name of a group from the values of its columns, which no other values have: a text that could be mistaken for a missing
 * value, for nothing, or for several values is put in quotes.
 */
export function nameGroup(values: readonly (string | null)[]): string {
  return values
    .map((value) => (value === null ? MISSING : isPlain(value) ? value : JSON.stringify(value)))
    .join(BETWEEN);
}

function isPlain(value: string): boolean {
  return value !== '' && value !== MISSING && !value.startsWith('"') && !value.includes(BETWEEN);
}
