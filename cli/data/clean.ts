import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { writeParquet } from '../../adapters/duckdb/write-parquet.ts';
import { integrityOfFile } from '../../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { type CleaningRecord, cleaningRecordSchema } from '../../pipelines/contracts/cleaning-record.ts';
import { parseCleaningRecipe } from '../../pipelines/data/cleaning/parse-cleaning-recipe.ts';
import { applyRecord, fitRecipe } from '../../pipelines/data/cleaning/run-recipe.ts';
import { readTable } from '../../pipelines/data/read-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { cleaningText } from '../../reports/cleaning-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readText } from './read-text.ts';
import { requireFile } from './require-file.ts';
import { withTables } from './with-tables.ts';

const options = {
  recipe: { type: 'string', placeholder: 'FILE', about: 'YAML file with the steps' },
  fit: { type: 'string', placeholder: 'FILE', about: 'table that the steps learn from, and clean' },
  record: { type: 'string', placeholder: 'FILE', about: 'record of an earlier fit, in place of --recipe and --fit' },
  apply: { type: 'string', multiple: true, placeholder: 'FILE', about: 'table to clean by what was learnt' },
  out: { type: 'string', placeholder: 'FOLDER', about: 'where cleaned tables and cleaning-record.json are left' },
} as const;

type Written = { data: string; file: string; integrity: string; rows: number };

/** `pulltrain data clean`: a recipe is fitted on one table and applied to it and others; what it learnt is recorded. */
export async function cleanData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const { recipe, fit, record: recordPath, apply = [], out } = values;
  const isFit = recipe !== undefined && fit !== undefined;
  if (out === undefined || isFit === (recordPath !== undefined) || (!isFit && apply.length === 0)) {
    throw new PulltrainError('usage', {
      what: 'say what to learn from and what to clean',
      allowed: '--recipe FILE --fit FILE [--apply FILE...] --out FOLDER, or --record FILE --apply FILE... --out FOLDER',
    });
  }
  const folder = resolve(terminal.directory, out);
  const targets = targetsOf([...(isFit ? [fit] : []), ...apply], folder, terminal);
  for (const data of targets.keys()) await requireFile(data, terminal);

  const { record, written } = await withTables(async (tables) => {
    const leave = async (data: string, select: string) => {
      const file = targets.get(data) ?? '';
      terminal.progress(`Cleaning ${data}`);
      await writeParquet(tables, select, file);
      const rows = await countRows(tables, file);
      written.push({ data, file: join(out, basename(file)), integrity: await integrityOfFile(file), rows });
    };
    const written: Written[] = [];
    let found: CleaningRecord;
    if (isFit) {
      const parsed = parseCleaningRecipe(await readText(recipe, terminal), recipe);
      const file = resolve(terminal.directory, fit);
      const table = await readTable(tables, file, parsed.read);
      const [count] = await tables.query(`SELECT count(*) AS rows FROM ${table.from}`);
      terminal.progress(`Learning from ${fit}`);
      const source = { table, data: fit, integrity: await integrityOfFile(file), rows: Number(count?.rows ?? 0) };
      const fitted = await fitRecipe(source, parsed, tables);
      found = fitted.record;
      await leave(fit, fitted.select);
    } else {
      found = await readRecord(recordPath ?? '', terminal);
    }
    for (const data of apply) {
      const table = await readTable(tables, resolve(terminal.directory, data), found.read);
      await leave(data, await applyRecord({ table, data }, found, tables));
    }
    return { record: found, written };
  });
  if (isFit) await writeFileAtomically(join(folder, 'cleaning-record.json'), `${JSON.stringify(record, null, 2)}\n`);
  terminal.answer({ record, written }, cleaningText(record, written));
  return 0;
}

/** Where each table goes; throws `usage` when two would share a name or a table would be overwritten. */
function targetsOf(paths: readonly string[], folder: string, terminal: Terminal): Map<string, string> {
  const targets = new Map<string, string>();
  for (const path of paths) {
    const name = basename(path).replace(/\.(parquet|(csv|tsv|json|jsonl|ndjson)(\.(gz|zst))?|data|txt)$/i, '');
    const file = join(folder, `${name}.parquet`);
    const taken = [...targets.values()].includes(file);
    if (taken || paths.some((other) => resolve(terminal.directory, other) === file)) {
      throw new PulltrainError('usage', {
        what: taken
          ? 'two tables of one name cannot lie in one folder'
          : 'a table would be overwritten by its cleaned self',
        seen: path,
        cure: 'Clean them one by one, into different folders.',
      });
    }
    targets.set(path, file);
  }
  return targets;
}

async function readRecord(path: string, terminal: Terminal): Promise<CleaningRecord> {
  const text = await readText(path, terminal);
  try {
    return cleaningRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    const said = cause instanceof z.ZodError ? z.prettifyError(cause) : undefined;
    throw new PulltrainError('record-invalid', {
      what: `not a cleaning record${said === undefined ? '' : `: ${said.slice(0, 500)}`}`,
      where: path,
      cure: 'Take the cleaning-record.json that data clean --fit left.',
      ...(said === undefined ? { cause } : {}),
    });
  }
}

async function countRows(tables: Tables, file: string): Promise<number> {
  const table = await readTable(tables, file, { missing: [], trim: false, format: 'parquet' });
  const [row] = await tables.query(`SELECT count(*) AS rows FROM ${table.from}`);
  return Number(row?.rows ?? 0);
}
