import { z } from 'zod';
import type { TableReading } from '../contracts/table-reading.ts';
import { quoteText } from '../monitoring/quote-sql.ts';
import type { Tables } from '../ports/tables.ts';
import { askTable } from './ask-table.ts';
import type { TableOptions } from './table-source.ts';

const sniffedSchema = z.array(z.object({ Delimiter: z.string(), HasHeader: z.boolean() })).length(1);

/** Delimiter and header of a CSV file, looked at with types, without which a header of text looks like a row of text. */
export async function sniffTable(
  tables: Tables,
  file: string,
  { delimiter, header, skip, encoding }: Pick<TableReading, 'delimiter' | 'header' | 'skip' | 'encoding'>,
): Promise<Pick<TableOptions, 'delimiter' | 'header'>> {
  if (delimiter !== undefined && header !== undefined) return {};
  const path = quoteText(file.replace(/[*?[]/g, '[$&]'));
  const known = [
    `quote='"'`,
    `escape='"'`,
    `skip=${skip ?? 0}`,
    'ignore_errors=true',
    ...(delimiter === undefined ? [] : [`delim=${quoteText(delimiter)}`]),
    ...(header === undefined ? [] : [`header=${header}`]),
    ...(encoding === undefined || encoding === 'utf-8' ? [] : [`encoding=${quoteText(encoding)}`]),
  ];
  const sql = `SELECT Delimiter, HasHeader FROM sniff_csv(${path}, ${known.join(', ')})`;
  const [found] = sniffedSchema.parse(await askTable(() => tables.query(sql), file));
  return found === undefined ? {} : { delimiter: found.Delimiter, header: found.HasHeader };
}
