import { PulltrainError } from '../errors.ts';
import { quoteText } from '../quote-sql.ts';

export type TableFormat = 'parquet' | 'csv' | 'json';

const formats: Record<string, TableFormat> = {
  parquet: 'parquet',
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'json',
  ndjson: 'json',
};
const compressions = ['gz', 'zst'];
/** A control character that ends a unit: no text of a table should hold it. */
const unlikely = '\u001f';
const allowed = '.parquet, .csv, .tsv, .json, .jsonl or .ndjson; the last five also with .gz or .zst';

/** How a file is to be read. Whatever is left out is found out by the engine, except where a guess could lose rows. */
export type TableOptions = {
  /** In place of what the ending says. */
  format?: TableFormat;
  /** Of a CSV file; `utf-8` when left out. */
  encoding?: 'utf-8' | 'latin-1' | 'utf-16';
  /** Of a CSV file: one character. */
  delimiter?: string;
  /** Of a CSV file: whether its first line names the columns. */
  header?: boolean;
  /** Of a CSV file: lines before the header. */
  skip?: number;
  /** Of a CSV file: its columns in order, with their DuckDB types; nothing is guessed then. */
  columns?: readonly { name: string; type: string }[];
  /** Of a CSV file: names of its columns in order, when its header does not tell or is not to be believed. */
  names?: readonly string[];
  /** Of a CSV file: takes every column as text, so that no value can make the reading fail. */
  text?: boolean;
  /** Of a CSV file: DuckDB types of some columns, the others being guessed. */
  types?: Readonly<Record<string, string>>;
  /** Of a CSV file: lines as they are, in a single column. */
  raw?: boolean;
  /** Of a CSV file: texts that mean a missing value, besides the empty one. */
  missing?: readonly string[];
  /** Looks at every row before it decides on types, and not at the first 20 480. */
  wholeSample?: boolean;
  /** Of a CSV file: puts rows that cannot be read into the table `reject_errors` instead of failing. */
  rejects?: boolean;
  /** `*`, `?` and `[` in the name stand for other characters; otherwise the name is taken as it is. */
  glob?: boolean;
};

/** True for a file whose ending says that it is a table. */
export function isTable(file: string): boolean {
  return formatOf(file) !== undefined;
}

/** How a table is written, by its ending. Throws `table-format`. */
export function tableFormat(file: string): TableFormat {
  const format = formatOf(file);
  if (format !== undefined) return format;
  throw new PulltrainError('table-format', { what: 'not a table that can be read', where: file, allowed });
}

/**
 * The SQL that stands behind FROM and reads a table file of this machine: Parquet, CSV or JSON lines, the last two also
 * compressed. Throws `table-format` for another ending and for a URL: the engine would fetch code to open one.
 */
export function tableSource(file: string, options: TableOptions = {}): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) {
    throw new PulltrainError('table-format', { what: 'not a file of this machine', where: file, allowed: 'a path' });
  }
  const path = quoteText(options.glob === true ? file : file.replace(/[*?[]/g, '[$&]'));
  const format = options.format ?? tableFormat(file);
  if (format === 'parquet') return `read_parquet(${path})`;
  const sample = options.wholeSample === true ? ['sample_size=-1'] : [];
  if (format === 'json') return call('read_json', [path, ...sample]);
  return call('read_csv', [path, ...sample, ...csvArguments(options)]);
}

/** `skip` is always said: left to itself, the engine starts below the rows that do not fit its guess, and says nothing. */
function csvArguments(options: TableOptions): string[] {
  const { encoding, delimiter, header, skip, columns, names, text, types, raw, missing, rejects } = options;
  const list = columns?.map(({ name, type }) => `${quoteText(name)}: ${quoteText(type)}`);
  const typed = Object.entries(types ?? {}).map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`);
  const cut = raw === true ? unlikely : delimiter;
  const quote = raw === true ? '' : '"';
  return [
    ...(cut === undefined ? [] : [`delim=${quoteText(cut)}`]),
    `quote='${quote}'`,
    `escape='${quote}'`,
    `skip=${skip ?? 0}`,
    ...(header === undefined ? [] : [`header=${header}`]),
    ...(encoding === undefined || encoding === 'utf-8' ? [] : [`encoding=${quoteText(encoding)}`]),
    ...(missing === undefined ? [] : [`nullstr=[${['', ...missing].map(quoteText).join(', ')}]`]),
    ...(typed.length === 0 ? [] : [`types={${typed.join(', ')}}`]),
    ...(list === undefined ? [] : [`columns={${list.join(', ')}}`, 'auto_detect=false']),
    ...(names === undefined ? [] : [`names=[${names.map(quoteText).join(', ')}]`]),
    ...(text === true ? ['all_varchar=true'] : []),
    ...(rejects === true ? ['store_rejects=true', 'rejects_limit=20'] : []),
  ];
}

function call(name: string, parameters: readonly string[]): string {
  return `${name}(${parameters.join(', ')})`;
}

function formatOf(file: string): TableFormat | undefined {
  const parts = file.toLowerCase().split('.').slice(1);
  const ending = parts.pop() ?? '';
  if (!compressions.includes(ending)) return Object.hasOwn(formats, ending) ? formats[ending] : undefined;
  const inner = parts.pop() ?? '';
  const format = Object.hasOwn(formats, inner) ? formats[inner] : undefined;
  return format === 'parquet' ? undefined : format;
}
