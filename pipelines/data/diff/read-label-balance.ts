import type { DataDiff } from '../../contracts/data-diff.ts';
import type { Tables } from '../../ports/tables.ts';
import type { ProfiledColumn } from '../profile/column-values.ts';
import type { DiffSide } from './diff-tables.ts';

/** A label with more values is a number to predict, whose shift says more than its balance. */
const mostValues = 20;

/** Rows by value of the label in both tables, the most frequent first; null without a label or with too many values. */
export async function readLabelBalance(
  base: DiffSide,
  head: DiffSide,
  pair: { base: ProfiledColumn; head: ProfiledColumn } | undefined,
  tables: Tables,
): Promise<DataDiff['label']> {
  if (pair === undefined) return null;
  const rows = (side: DiffSide, { raw }: ProfiledColumn, isBase: boolean) =>
    `SELECT CAST(${raw} AS VARCHAR) AS value, ${isBase} AS b FROM ${side.table.source} AS source`;
  const found = await tables.query(
    `SELECT value, count_if(b) AS base, count_if(NOT b) AS head FROM (${rows(base, pair.base, true)} UNION ALL ${rows(head, pair.head, false)})
GROUP BY value ORDER BY base + head DESC, value LIMIT ${mostValues + 2}`,
  );
  if (found.length > mostValues + 1) return null;
  return {
    column: pair.base.name.slice(0, 200),
    values: found.map(({ value, base: before, head: after }) => ({
      value: value === null || value === undefined ? null : String(value).slice(0, 100),
      base: Number(before),
      head: Number(after),
    })),
  };
}
