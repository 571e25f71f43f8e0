import { appendFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { openStore } from '../../adapters/content-store/open-store.ts';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { isIgnored } from '../../adapters/git/is-ignored.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { type Pointer, pointerPath, type TableShape } from '../../pipelines/contracts/pointer.ts';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { readTableShape } from '../../pipelines/data/read-table-shape.ts';
import { isTable } from '../../pipelines/data/table-source.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';

const options = {
  remote: { type: 'string', about: '' },
  time: { type: 'string', about: '' },
  source: { type: 'string', about: '' },
  licence: { type: 'string', about: '' },
} as const;

/** Looks at the table, stores the bytes, and only then writes the pointer, so that a pointer never names what is not there. */
export async function addData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 1 });
  const [path = ''] = positionals;
  const file = resolve(terminal.directory, path);
  await requireFile(file, path);
  const store = openStore(await dataRemote(values.remote, terminal));
  const table = isTable(file) ? await describeTable(file, values.time) : undefined;
  if (table === undefined && values.time !== undefined) {
    throw new PulltrainError('usage', {
      what: '--time needs a table',
      seen: path,
      allowed: '.parquet, .csv, .json, .jsonl',
    });
  }
  const { integrity, size } = await store.put(file);
  const pointer: Pointer = {
    kind: 'pointer',
    version: 1,
    integrity,
    size,
    ...(table === undefined ? {} : { table }),
    ...(values.source === undefined ? {} : { source: values.source }),
    ...(values.licence === undefined ? {} : { licence: values.licence }),
  };
  await writeFileAtomically(pointerPath(file), formatPointer(pointer));
  const ignoredNow = await keepOutOfGit(file);
  terminal.answer(
    { path, pointerPath: pointerPath(path), pointer },
    [
      `${pointerPath(path)}: ${size} bytes${table === undefined ? '' : `, ${table.rows} rows, ${table.columns.length} columns`}`,
      ...(table?.time === undefined ? [] : [`${table.time.column} from ${table.time.from} to ${table.time.to}`]),
      ...(ignoredNow ? [`${join(dirname(path), '.gitignore')} now keeps ${basename(path)} out of git`] : []),
    ].join('\n'),
  );
  return 0;
}

async function requireFile(file: string, path: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found?.isFile() === true) return;
  throw new PulltrainError('file-missing', {
    what: found === null ? 'there is no such file' : 'not a file',
    where: path,
  });
}

async function describeTable(file: string, time: string | undefined): Promise<TableShape> {
  const tables = await openTables();
  try {
    return await readTableShape(tables, file, time);
  } finally {
    tables.close();
  }
}

async function keepOutOfGit(file: string): Promise<boolean> {
  if (await isIgnored(dirname(file), file)) return false;
  await appendFile(join(dirname(file), '.gitignore'), `/${basename(file)}\n`);
  return true;
}
