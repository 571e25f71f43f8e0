import type { TableColumn } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import type { FairnessQuestion } from './fairness-question.ts';
import { isNumeric, readValues } from './read-values.ts';
import type { Context, Decision } from './settle-decision.ts';

/** More different labels than this are no classes. */
export const MOST_CLASSES = 100;

/** Decisions in a column; null when it holds scores, which a threshold turns into decisions. */
export async function readDecisions(
  column: TableColumn,
  labels: readonly string[],
  question: FairnessQuestion,
  { source, tables }: Context,
): Promise<{ values: string[] } | null> {
  const values = await readValues(column, source, MOST_CLASSES, tables);
  const known = new Set([...labels, ...usualPairs.flat()]);
  const looksLikeScores = isNumeric(column) && values.some((value) => !known.has(value));
  if (!looksLikeScores || question.selected.length > 0) return { values };
  if (question.threshold !== null && question.score === null) return null;
  throw new PulltrainError('labels-unclear', {
    what: 'this column holds numbers and no decisions',
    where: column.name,
    seen: shown(values),
    cure: 'Give it as a score (--score, --base-score) with --threshold, or say with --selected which values count as selected.',
  });
}

/** Pairs whose positive side nobody has to say. */
const usualPairs: readonly (readonly [negative: string, positive: string])[] = [
  ['0', '1'],
  ['-1', '1'],
  ['false', 'true'],
  ['False', 'True'],
  ['FALSE', 'TRUE'],
  ['no', 'yes'],
  ['No', 'Yes'],
  ['N', 'Y'],
];

export function settlePositive(
  { positive }: FairnessQuestion,
  label: TableColumn,
  labels: readonly string[],
  values: ReadonlySet<string>,
): string {
  if (positive !== null) {
    const alike = values.has(positive) ? positive : [...values].find((value) => sameFlag(value, positive));
    if (alike !== undefined) return alike;
    throw new PulltrainError('labels-unclear', {
      what: 'no label has the value of --positive',
      where: label.name,
      seen: positive,
      allowed: shown([...values]),
    });
  }
  const pair = usualPairs.find((known) => labels.every((value) => known.includes(value)));
  if (pair !== undefined) return pair[1];
  throw new PulltrainError('labels-unclear', {
    what: 'which label is positive?',
    where: label.name,
    seen: shown(labels),
    cure: `Say it, e.g. --positive ${JSON.stringify(labels.at(-1) ?? '')}.`,
  });
}

/** Values of a column of decisions that count as selected. Throws `labels-unclear` when none of them can be meant. */
export function selectedValues(
  { selected }: FairnessQuestion,
  positive: string,
  values: readonly string[],
  column: TableColumn | null,
): string[] {
  const wanted = selected.length > 0 ? selected : [positive];
  const found = wanted.flatMap((one) => values.filter((value) => value === one || sameFlag(value, one)));
  if (found.length > 0 || column === null) return found.length > 0 ? found : [...wanted];
  // A model that never selects has only the other value, which must then be a known one.
  const isKnown = values.length <= 1 || usualPairs.some((pair) => values.every((value) => pair.includes(value)));
  if (isKnown && selected.length === 0) return [positive];
  throw new PulltrainError('labels-unclear', {
    what: `no prediction is called like the positive label ${JSON.stringify(positive)}`,
    where: column.name,
    seen: shown(values),
    cure: 'Say with --selected which of them count as selected; several are separated by commas.',
  });
}

export function settleFavourable(
  { favourable }: FairnessQuestion,
  positive: string,
  selected: readonly string[],
  values: ReadonlySet<string>,
): Decision['favourable'] {
  if (favourable === null) return null;
  if (favourable === positive || selected.includes(favourable) || sameFlag(favourable, positive)) return 'selected';
  if (values.has(favourable) || [...values].some((value) => sameFlag(value, favourable))) return 'not selected';
  throw new PulltrainError('labels-unclear', {
    what: 'no label and no prediction has the value of --favourable',
    seen: favourable,
    allowed: shown([...values]),
  });
}

/** `true` of one column and `1` of another say the same. */
export function sameFlag(left: string, right: string): boolean {
  const flag = (value: string) =>
    /^(1|true|t|yes|y)$/i.test(value) ? 1 : /^(0|false|f|no|n)$/i.test(value) ? 0 : null;
  return flag(left) !== null && flag(left) === flag(right);
}

export function shown(values: readonly string[]): string {
  const few = values.slice(0, 8).map((value) => JSON.stringify(value.slice(0, 60)));
  return values.length > few.length ? `${few.join(', ')} and more` : few.join(', ');
}
