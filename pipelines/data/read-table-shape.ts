import { z } from 'zod';
import { daySchema } from '../contracts/common.ts';
import type { TableShape } from '../contracts/pointer.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { askTable } from './ask-table.ts';
import { tableSource } from './table-source.ts';

const columnSchema = z.object({ column_name: z.string(), column_type: z.string() });
const extentSchema = z.object({ rows: z.number(), first: daySchema.nullable(), last: daySchema.nullable() });

/**
 * Rows and columns of a Parquet, CSV or JSON file, and the first and last day of its time column. Throws `table-unreadable`,
 * or `column-missing` for a time column that is not there or holds no days.
 */
export async function readTableShape(tables: Tables, file: string, time?: string): Promise<TableShape> {
  const table = tableSource(file);
  const described = await askTable(() => tables.query(`DESCRIBE SELECT * FROM ${table}`), file);
  const columns = z.array(columnSchema).parse(described);
  const names = columns.map(({ column_name: name }) => name);
  if (time !== undefined && !names.includes(time)) {
    throw new PulltrainError('column-missing', {
      what: 'no such time column',
      where: file,
      seen: time,
      allowed: names.join(', '),
    });
  }
  const day = time === undefined ? 'NULL' : `CAST(${quoteName(time)} AS DATE)`;
  const extent = `SELECT count(*) AS rows, CAST(min(${day}) AS VARCHAR) AS first, CAST(max(${day}) AS VARCHAR) AS last FROM ${table}`;
  const [row] = z.array(extentSchema).parse(await askTable(() => tables.query(extent), file));
  const { rows = 0, first = null, last = null } = row ?? {};
  if (time !== undefined && (first === null || last === null)) {
    throw new PulltrainError('column-missing', { what: 'the time column holds no day', where: file, seen: time });
  }
  return {
    rows,
    columns: columns.map(({ column_name: name, column_type: type }) => ({ name, type })),
    ...(time === undefined || first === null || last === null ? {} : { time: { column: time, from: first, to: last } }),
  };
}
