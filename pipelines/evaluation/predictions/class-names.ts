import { PulltrainError } from '../../errors.ts';

/**
 * Which class each score column is about: as listed, else by the names of the columns (the class itself, or behind a
 * beginning that all share), else, for labels 0, 1, 2 and so on, by their order. Throws `classes-unclear`.
 */
export function classNames(
  columns: readonly string[],
  values: readonly string[],
  given: readonly string[] | null,
): readonly string[] {
  const refused = (what: string) =>
    new PulltrainError('classes-unclear', {
      what,
      where: '--score',
      seen: `columns ${few(columns)}; labels ${few(values)}`,
      cure: 'List the class of each column, in order, as --classes.',
    });
  if (columns.length === 0) return given ?? values;
  if (given !== null) {
    if (given.length !== columns.length) throw refused(`${given.length} classes for ${columns.length} columns`);
    requireKnown(values, given, refused);
    return given;
  }
  const suffixes = stripShared(columns);
  for (const names of [columns, suffixes]) if (values.every((value) => names.includes(value))) return names;
  const places = columns.map((_, index) => String(index));
  if (values.every((value) => places.includes(value))) return places;
  throw refused('which column is about which class cannot be known');
}

function requireKnown(
  values: readonly string[],
  given: readonly string[],
  refused: (what: string) => PulltrainError,
): void {
  const unknown = values.filter((value) => !given.includes(value));
  if (unknown.length > 0) throw refused(`labels that are none of the classes: ${few(unknown)}`);
  if (new Set(given).size < given.length) throw refused('a class is listed twice');
}

/** What is left of the names behind the longest beginning that all of them share, cut at its last `_`, `.`, `-` or space. */
function stripShared(names: readonly string[]): string[] {
  const [first = ''] = names;
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length += 1;
  const shared = first.slice(0, length);
  const cut = Math.max(...['_', '.', '-', ' ', ':'].map((sign) => shared.lastIndexOf(sign))) + 1;
  return names.map((name) => name.slice(cut === 0 ? length : cut));
}

function few(names: readonly string[]): string {
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ` and ${names.length - 8} more` : ''}`;
}
