import { z } from 'zod';
import type { TableReading } from '../contracts/table-reading.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { askTable } from './ask-table.ts';
import { sniffTable } from './sniff-table.ts';
import { type TableOptions, tableFormat, tableSource } from './table-source.ts';

export type TableColumn = { name: string; type: string };

export type ReadableTable = {
  /** What stands behind FROM; its columns are those of the file, in its order. */
  from: string;
  columns: TableColumn[];
  /** True when values come as text and a column's type is only what its values look like. */
  textual: boolean;
};

const describedSchema = z.array(z.object({ column_name: z.string(), column_type: z.string() }));

/**
 * Finds out how a table file is read and which columns it has. With `text` a CSV file's values all stay text, so that no
 * value can make the reading fail; `rejects` keeps its unreadable rows aside in the table `reject_errors`. Throws
 * `table-format` or `table-unreadable`.
 */
export async function readTable(
  tables: Tables,
  file: string,
  reading: TableReading,
  { text = false, rejects = false }: { text?: boolean; rejects?: boolean } = {},
): Promise<ReadableTable> {
  const { missing, trim, ...read } = reading;
  const format = read.format ?? tableFormat(file);
  const isCsv = format === 'csv';
  const found = isCsv ? await sniffTable(tables, file, read) : {};
  const given = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
  const options: TableOptions = { ...found, ...given, format, wholeSample: format === 'json' };
  // Where types are guessed, markers have to be known before: a column of numbers with one "NA" would be text.
  const markers = trim ? missing.flatMap((marker) => [marker, ` ${marker}`]) : missing;
  const typed = isCsv ? (text ? { text } : { missing: markers }) : {};
  const source = tableSource(file, { ...options, ...typed, rejects: isCsv && rejects });
  const described = describedSchema.parse(await askTable(() => tables.query(`DESCRIBE SELECT * FROM ${source}`), file));
  const columns = described.map(({ column_name: name, column_type: type }) => ({ name, type }));
  requireNames(reading.names, columns, file);
  if (format === 'parquet') return { from: source, columns, textual: false };
  const values = columns.map((column) => `${cleanValue(column, { missing, trim })} AS ${quoteName(column.name)}`);
  return {
    from: `(SELECT ${values.join(', ')} FROM ${source})`,
    columns: columns.map(({ name, type }) => ({ name, type: type === 'JSON' ? 'VARCHAR' : type })),
    textual: true,
  };
}

function cleanValue({ name, type }: TableColumn, { missing, trim }: { missing: readonly string[]; trim: boolean }) {
  const column = quoteName(name);
  if (type !== 'VARCHAR' && type !== 'JSON') return column;
  const text = type === 'JSON' ? `(${column} ->> '$')` : column;
  const bare = trim ? `trim(${text}, ${quoteText(' \t\r\n\u00a0')})` : text;
  if (missing.length === 0 && !trim) return bare;
  const markers = [...new Set(['', ...missing])].map(quoteText).join(', ');
  return `CASE WHEN ${bare} IN (${markers}) THEN NULL ELSE ${bare} END`;
}

function requireNames(names: readonly string[] | undefined, columns: readonly TableColumn[], file: string): void {
  if (names === undefined || names.length === columns.length) return;
  throw new PulltrainError('columns-differ', {
    what: 'the number of names is not the number of columns',
    where: file,
    seen: `${names.length} names for ${columns.length} columns`,
    cure: 'Name every column in read.names.',
  });
}
