import type { TableColumn } from '../../data/open-table.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { missingSql, notFiniteSql } from './value-sql.ts';

/** A column without which a row cannot be judged; `asNumber` where its values must be finite numbers. */
export type NeededColumn = { column: TableColumn; option: string; asNumber: boolean };

/**
 * Holds every needed value to being there and, where numbers are needed, to being finite ones. Throws
 * `predictions-incomplete` or `predictions-not-numbers` with counts and the numbers of the first rows; the answer is the
 * SQL of the rows that lack a value and how many they are, for a caller that leaves them out (`dropMissing`).
 */
export async function requireValues(
  needed: readonly NeededColumn[],
  { relation, rowNumber, dropMissing }: { relation: string; rowNumber: string; dropMissing: boolean },
  tables: Tables,
): Promise<{ missing: string; count: number }> {
  const missing = needed.map(({ column, asNumber }) => missingSql(column, asNumber));
  const wrong = needed.map(({ column, asNumber }) => (asNumber ? notFiniteSql(column) : 'false'));
  const any = missing.join(' OR ');
  const [counts = {}] = await tables.query(
    `SELECT count(*) FILTER (WHERE ${any}) AS rows, ${needed
      .map(
        (_, at) => `count(*) FILTER (WHERE ${missing[at]}) AS m${at}, count(*) FILTER (WHERE ${wrong[at]}) AS w${at}`,
      )
      .join(', ')} FROM ${relation}`,
  );
  const of = (kind: 'm' | 'w') =>
    needed.flatMap((one, at) => {
      const count = Number(counts[`${kind}${at}`] ?? 0);
      return count === 0 ? [] : [{ ...one, at, count }];
    });
  const [fault] = of('w');
  if (fault !== undefined) {
    const value = quoteName(fault.column.name);
    const rows = await tables.query(
      `SELECT ${rowNumber} + 1 AS row, CAST(${value} AS VARCHAR) AS seen FROM ${relation} WHERE ${wrong[fault.at]} LIMIT 5`,
    );
    const shown = rows.map(({ row, seen }) => `row ${row}: ${JSON.stringify(seen)}`).join(', ');
    throw new PulltrainError('predictions-not-numbers', {
      what: fault.count === 1 ? '1 value is no finite number' : `${fault.count} values are no finite numbers`,
      where: `--${fault.option} ${fault.column.name}`,
      seen: shown,
      cure: 'Correct them, or leave these rows out of the file.',
    });
  }
  const count = Number(counts.rows ?? 0);
  if (count > 0 && !dropMissing) {
    const rows = await tables.query(`SELECT ${rowNumber} + 1 AS row FROM ${relation} WHERE ${any} LIMIT 5`);
    const shown = rows.map(({ row }) => row).join(', ');
    const columns = of('m').map(({ column, option, count: own }) => `${own} in --${option} ${column.name}`);
    throw new PulltrainError('predictions-incomplete', {
      what: `${count} ${count === 1 ? 'row lacks' : 'rows lack'} a value`,
      seen: `${columns.join(', ')}; ${count > 5 ? 'first ' : ''}row${count === 1 ? '' : 's'} ${shown}`,
      cure: 'A row without truth or answer cannot be judged: complete it, or pass --drop-missing to leave such rows out and count them.',
    });
  }
  return { missing: any, count };
}
