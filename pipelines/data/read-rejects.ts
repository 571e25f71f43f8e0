import { z } from 'zod';
import { PulltrainError } from '../errors.ts';
import type { Row, Tables } from '../ports/tables.ts';

const rejectSchema = z.object({
  kind: z.string(),
  line: z.coerce.number(),
  byte: z.coerce.number(),
  column: z.string().nullable(),
  text: z.string().nullable(),
  message: z.string(),
});

/** A row of a CSV file that cannot be read; `kind` is the engine's name for the fault. */
export type Reject = { kind: string; line: number; byte: number; column: string | null; seen: string; message: string };

/** Runs a query whose source keeps rejects, and says what it answered and which rows it left out. */
export async function readRejects(
  file: string,
  tables: Tables,
  sql: string,
): Promise<{ rows: Row[]; faults: Reject[] }> {
  await forget(tables);
  try {
    const rows = await tables.query(sql);
    const found = await tables.query(
      `SELECT CAST(error_type AS VARCHAR) AS kind, line, coalesce(byte_position, line_byte_position) AS byte, column_name AS "column", csv_line AS text, error_message AS message
FROM reject_errors ORDER BY line, column_idx`,
    );
    const faults = z.array(rejectSchema).parse(found);
    return { rows, faults: faults.map(({ text, ...fault }) => ({ ...fault, seen: (text ?? '').slice(0, 120) })) };
  } catch (cause) {
    if (cause instanceof PulltrainError) throw cause;
    throw new PulltrainError('table-unreadable', {
      what: 'the text cannot be read as a table',
      where: file,
      ...(cause instanceof Error ? { seen: (cause.message.split('\n')[0] ?? '').slice(0, 300) } : {}),
      cure: 'Look for a quote that is not closed, or say the delimiter.',
      cause,
    });
  } finally {
    await forget(tables);
  }
}

const faultTexts: Record<string, string> = {
  'MISSING COLUMNS': 'fewer cells than the header has columns',
  'TOO MANY COLUMNS': 'more cells than the header has columns',
  'UNQUOTED VALUE': 'a quote that is not closed, or text behind one that is',
  'LINE SIZE OVER MAXIMUM': 'a line that is longer than 2 MB',
  'INVALID ENCODING': 'bytes that are not UTF-8',
  'INVALID STATE': 'quotes that cannot be read',
};

/** One error that names every line that was found faulty, and what to do about the first kind of fault. */
export function rejectFault(file: string, faults: readonly Reject[]): PulltrainError {
  const lines = faults.map(({ kind, line, byte, seen, message }) =>
    kind === 'INVALID ENCODING'
      ? `line ${line}, byte ${byte}: ${faultTexts[kind]}`
      : `line ${line}: ${faultTexts[kind] ?? message.split('\n')[0]} (${JSON.stringify(seen)})`,
  );
  const encoded = faults.some(({ kind }) => kind === 'INVALID ENCODING');
  return new PulltrainError('table-unreadable', {
    what: faults.length === 1 ? 'a line that cannot be read' : `${faults.length} lines or more that cannot be read`,
    where: file,
    seen: lines.join('; '),
    cure: encoded
      ? 'Say how it is written (--encoding latin-1 or utf-16), or write it again as UTF-8.'
      : 'Correct these lines; nothing was left out in silence.',
  });
}

async function forget(tables: Tables): Promise<void> {
  await tables.query('DROP TABLE IF EXISTS reject_errors');
  await tables.query('DROP TABLE IF EXISTS reject_scans');
}
