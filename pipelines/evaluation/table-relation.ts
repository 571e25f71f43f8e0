import { PulltrainError } from '../errors.ts';
import { quoteText } from '../monitoring/quote-sql.ts';

/** The SQL that reads a table file, chosen by its ending. Throws `table-format`. */
export function tableRelation(file: string): string {
  const ending = /\.([a-z]+)$/.exec(file)?.[1];
  const readers: Record<string, string> = {
    parquet: 'read_parquet',
    csv: 'read_csv',
    jsonl: 'read_json',
    ndjson: 'read_json',
  };
  const reader = ending === undefined ? undefined : readers[ending];
  if (reader !== undefined) return `${reader}(${quoteText(file)})`;
  throw new PulltrainError('table-format', {
    what: 'not a table that can be read',
    where: file,
    allowed: Object.keys(readers)
      .map((name) => `.${name}`)
      .join(', '),
  });
}
