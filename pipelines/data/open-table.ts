import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { guessCsv } from './guess-csv.ts';
import { readRejects, rejectFault } from './read-rejects.ts';
import { type TableOptions, tableFormat, tableSource } from './table-source.ts';

const blanks = ' \t\r\n\u00a0';

export type TableColumn = { name: string; type: string };

/** A table that can be read as often as needed. */
export type OpenTable = {
  /** What stands behind FROM. */
  source: string;
  columns: TableColumn[];
  /** Column of the engine that numbers the rows. */
  rowNumber: 'file_row_number' | 'rowid';
  /** Columns that seemed to hold something better than text until a row further down said otherwise. */
  mixed: { column: string; line: number; seen: string }[];
};

/** `trim`: whether blanks around the texts of a CSV or JSON file are dropped, before `missing` is looked for. */
export type OpenOptions = TableOptions & { trim?: boolean };

export type TablePorts = {
  tables: Tables;
  /** Text files are parsed once: into a Parquet file at this path and `.parquet`, or into a temporary table of the engine. */
  scratch: string | { table: string };
};

/**
 * Opens a table file and looks at all of it, so that what is wrong with its text is known before anything is computed. Throws
 * `table-unreadable` with the line and, for a CSV file, every faulty line of the first twenty; `table-columns-duplicate`;
 * `table-format`.
 */
export async function openTable(file: string, options: OpenOptions, ports: TablePorts): Promise<OpenTable> {
  const format = options.format ?? tableFormat(file);
  if (format === 'csv') return openCsv(file, { ...options, format }, ports);
  if (format === 'json') return openJson(file, { ...options, format }, ports);
  const source = tableSource(file, options);
  const columns = await asked(file, () => describeSource(source, ports.tables));
  await refuseRenamed(file, columns, ports.tables);
  return { source, columns, rowNumber: 'file_row_number', mixed: [] };
}

/** Names and types of what stands behind FROM. */
export async function describeSource(source: string, tables: Tables): Promise<TableColumn[]> {
  const rows = await tables.query(`DESCRIBE SELECT * FROM ${source}`);
  return rows.map((row) => ({ name: String(row.column_name), type: String(row.column_type) }));
}

async function openCsv(file: string, options: OpenOptions, ports: TablePorts): Promise<OpenTable> {
  const { tables } = ports;
  const lines = await readLines(file, options, tables);
  if (lines.length === 0) {
    throw new PulltrainError('table-unreadable', {
      what: 'the file is empty',
      where: file,
      cure: 'Write at least a header.',
    });
  }
  const { delimiter, header, names } = guessCsv(lines, options);
  refuseDuplicates(file, names);
  const settled = { ...options, delimiter, header };
  const mixed: OpenTable['mixed'] = [];
  let types: Record<string, string> = options.types ?? {};
  for (;;) {
    const source = tableSource(file, { ...settled, types, rejects: true });
    const { faults } = await readRejects(file, tables, await copySql(source, options, ports));
    if (faults.length === 0) break;
    const casts = faults.filter(({ kind, column }) => kind === 'CAST' && column !== null);
    if (casts.length < faults.length || casts.every(({ column }) => (column ?? '') in types))
      throw rejectFault(file, faults);
    for (const { column, line, seen } of casts) {
      if (column === null || column in types) continue;
      mixed.push({ column, line, seen });
      types = { ...types, [column]: 'VARCHAR' };
    }
  }
  return openSettled(mixed, ports);
}

async function openJson(file: string, options: OpenOptions, ports: TablePorts): Promise<OpenTable> {
  const { tables } = ports;
  await asked(file, async () => {
    try {
      await tables.query(await copySql(tableSource(file, options), options, ports));
    } catch {
      // A type that was guessed from the first rows may not hold for the later ones; another look tells what is wrong.
      await tables.query(await copySql(tableSource(file, { ...options, wholeSample: true }), options, ports));
    }
  });
  return openSettled([], ports);
}

async function openSettled(mixed: OpenTable['mixed'], { tables, scratch }: TablePorts): Promise<OpenTable> {
  const isFile = typeof scratch === 'string';
  const source = isFile ? tableSource(`${scratch}.parquet`) : quoteName(scratch.table);
  const columns = await describeSource(source, tables);
  return { source, columns, rowNumber: isFile ? 'file_row_number' : 'rowid', mixed };
}

/** Reads the text once more into Parquet, which can be read by columns; markers of JSON texts are known to us alone. */
async function copySql(
  source: string,
  { trim, missing = [], format }: OpenOptions,
  ports: TablePorts,
): Promise<string> {
  const { tables, scratch } = ports;
  const texts =
    trim === true || (format === 'json' && missing.length > 0)
      ? (await describeSource(source, tables)).filter(({ type }) => type === 'VARCHAR')
      : [];
  const cleaned = texts.map(({ name }) => {
    const column = quoteName(name);
    const bare = trim === true ? `trim(${column}, ${quoteText(blanks)})` : column;
    return `CASE WHEN ${bare} IN (${['', ...missing].map(quoteText).join(', ')}) THEN NULL ELSE ${bare} END AS ${column}`;
  });
  const replaced = cleaned.length === 0 ? '' : ` REPLACE (${cleaned.join(', ')})`;
  const query = `SELECT *${replaced} FROM ${source}`;
  return typeof scratch === 'string'
    ? `COPY (${query}) TO ${quoteText(`${scratch}.parquet`)} (FORMAT parquet)`
    : `CREATE OR REPLACE TEMP TABLE ${quoteName(scratch.table)} AS ${query}`;
}

/** The first lines as they are. No text of a table holds the delimiter that is named here. */
export async function readLines(file: string, options: TableOptions, tables: Tables): Promise<string[]> {
  const { format = 'csv', encoding = 'utf-8', skip = 0 } = options;
  const columns = [{ name: 'line', type: 'VARCHAR' }];
  const source = tableSource(file, { format, encoding, skip, columns, raw: true, header: false, rejects: true });
  const { rows, faults } = await readRejects(file, tables, `SELECT line FROM ${source} LIMIT 50`);
  if (faults.length > 0) throw rejectFault(file, faults);
  return rows.map(({ line }) => String(line ?? ''));
}

/** Throws `table-columns-duplicate` for names that differ in case only, or not at all. */
export function refuseDuplicates(file: string, names: readonly string[]): void {
  const seen = new Map<string, string[]>();
  for (const name of names) seen.set(name.toLowerCase(), [...(seen.get(name.toLowerCase()) ?? []), name]);
  const repeated = [...seen.values()].filter((group) => group.length > 1 && group[0] !== '');
  if (repeated.length === 0) return;
  throw new PulltrainError('table-columns-duplicate', {
    what: 'columns with one name, or with names that differ in case only',
    where: file,
    seen: repeated.map((group) => group.map((name) => JSON.stringify(name)).join(' and ')).join('; '),
    cure: 'Rename them: which one is meant cannot be known.',
  });
}

/** The engine gives repeated columns of a Parquet file other names, and says nothing. */
async function refuseRenamed(file: string, columns: readonly TableColumn[], tables: Tables): Promise<void> {
  const rows = await tables.query(`SELECT name FROM parquet_schema(${quoteText(file.replace(/[*?[]/g, '[$&]'))})`);
  const names = new Set(rows.map(({ name }) => String(name)));
  if (columns.every(({ name }) => names.has(name))) return;
  refuseDuplicates(
    file,
    rows.slice(1).map(({ name }) => String(name)),
  );
}

async function asked<Answer>(file: string, query: () => Promise<Answer>): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    throw new PulltrainError('table-unreadable', {
      what: 'the table cannot be read',
      where: file,
      ...(cause instanceof Error ? { seen: firstLine(cause.message) } : {}),
      cure: 'It is damaged or not what its ending says: bring it again from where it came, or rename it.',
      cause,
    });
  }
}

function firstLine(message: string): string {
  return (message.split('\n')[0] ?? '').slice(0, 300);
}
