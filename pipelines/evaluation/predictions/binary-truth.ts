import type { TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import { quoteText } from '../../quote-sql.ts';
import { textSql } from './value-sql.ts';

/** The two classes, the negative one first, and the SQL that makes 0 and 1 of a value. */
export type BinaryTruth = { classes: readonly [negative: string, positive: string]; sql(column: TableColumn): string };

const yes = ['1', 'true'];
const no = ['0', 'false'];

/**
 * What is positive: the named value, else 1 or true. Throws `label-invalid` when the values are not two, or not such that
 * their meaning is known.
 */
export function binaryTruth(values: readonly string[], positive: string | null, column: string): BinaryTruth {
  const shown = `${values.slice(0, 6).join(', ')}${values.length > 6 ? ', ...' : ''}`;
  const invalid = (what: string, cure: string) =>
    new PulltrainError('label-invalid', { what, where: `--label ${column}`, seen: `values ${shown}`, cure });
  if (values.length > 2) throw invalid('more than two values', 'Pass --task, or a label of two values.');
  if (positive === null) {
    const known = values.every((value) => [...yes, ...no].includes(value.toLowerCase()));
    if (!known) throw invalid('which value is the positive one cannot be known', 'Pass it as --positive.');
    const words = values.some((value) => /[a-z]/i.test(value));
    const list = (texts: readonly string[]) => texts.map(quoteText).join(', ');
    return {
      classes: words ? ['false', 'true'] : ['0', '1'],
      sql: (own) =>
        `CASE WHEN lower(${textSql(own)}) IN (${list(yes)}) THEN 1 WHEN lower(${textSql(own)}) IN (${list(no)}) THEN 0 END`,
    };
  }
  const wanted = asRead(positive, values);
  const other = values.find((value) => value !== wanted);
  if (values.length === 2 && !values.includes(wanted)) {
    throw invalid(`no label is ${JSON.stringify(positive)}`, 'Pass one of its values as --positive.');
  }
  return {
    classes: [other ?? `not ${wanted}`, wanted],
    // A decision may be written like the label, or as 1 and 0.
    sql: (own) => {
      const named = [wanted, ...(values.includes('1') ? [] : yes)].map(quoteText).join(', ');
      const against = [...(other === undefined ? [] : [other]), ...(values.includes('0') ? [] : no)];
      const rest = against.length === 0 ? '' : ` WHEN ${textSql(own)} IN (${against.map(quoteText).join(', ')}) THEN 0`;
      return `CASE WHEN ${textSql(own)} IN (${named}) THEN 1${rest} END`;
    },
  };
}

/** The value as the table engine tells it: whole numbers without a fraction, yes and no as truth values where it saw them so. */
function asRead(positive: string, values: readonly string[]): string {
  if (values.includes(positive)) return positive;
  if (values.length > 0 && values.every((value) => value === 'true' || value === 'false')) {
    if (/^(yes|y|t|true|1)$/i.test(positive)) return 'true';
    if (/^(no|n|f|false|0)$/i.test(positive)) return 'false';
  }
  return /^-?\d+\.0+$/.test(positive) ? positive.replace(/\.0+$/, '') : positive;
}
