import type { TableReading } from '../contracts/table-reading.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { guessCsv } from './guess-csv.ts';
import { readLines, refuseDuplicates } from './open-table.ts';
import type { TableOptions } from './table-source.ts';

/**
 * Delimiter and header of a CSV file, guessed from its first lines as everywhere else. Throws `table-columns-duplicate`, or
 * `table-unreadable` for text that is not of its encoding.
 */
export async function sniffTable(
  tables: Tables,
  file: string,
  {
    delimiter,
    header,
    skip,
    encoding,
    names,
  }: Pick<TableReading, 'delimiter' | 'header' | 'skip' | 'encoding' | 'names'>,
): Promise<Pick<TableOptions, 'delimiter' | 'header'>> {
  const told = {
    format: 'csv' as const,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(header === undefined ? {} : { header }),
    ...(skip === undefined ? {} : { skip }),
    ...(encoding === undefined ? {} : { encoding }),
  };
  const lines = await readLines(file, told, tables);
  if (lines.length === 0) throw new PulltrainError('table-unreadable', { what: 'the file is empty', where: file });
  const found = guessCsv(lines, told);
  if (names === undefined) refuseDuplicates(file, found.names);
  return { delimiter: found.delimiter, header: found.header };
}
