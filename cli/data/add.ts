import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { holdStore } from '../../adapters/content-store/hold-store.ts';
import { ignorePath } from '../../adapters/git/ignore-path.ts';
import { trackedBelow } from '../../adapters/git/tracked-below.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { type Pointer, pointerPath } from '../../pipelines/contracts/pointer.ts';
import { formatPointer } from '../../pipelines/data/format-pointer.ts';
import { parsePointer } from '../../pipelines/data/parse-pointer.ts';
import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { describeTable } from './describe-table.ts';
import { findMaker } from './find-maker.ts';
import { type DataOnDisk, lookAt } from './look-at.ts';
import { openProgress } from './open-progress.ts';
import { type DataRepository, openRepository } from './open-repository.ts';
import { type Stored, storeData } from './store-data.ts';

const options = {
  remote: { type: 'string', placeholder: 'URL', about: 'send the bytes to this store, too, as data push does' },
  time: { type: 'string', placeholder: 'COLUMN', about: 'time column, whose first and last day are noted' },
  source: { type: 'string', about: 'where the data comes from; kept from the pointer when left out' },
  licence: { type: 'string', about: 'under which licence; kept from the pointer when left out' },
} as const;

/** Looks at everything first, stores the bytes, and only then writes pointers, so that none names what is not there. */
export async function addData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: Number.POSITIVE_INFINITY });
  using repository = await openRepository(terminal);
  const paths = [...new Set(positionals.map((given) => repository.pathOf(given)))];
  const data = paths.map((path) => lookAt(repository, path));
  const before = new Map<string, Pointer | null>();
  for (const { path } of data) before.set(path, await readPointer(repository, path));
  if (values.time !== undefined && data.some(({ type }) => type === 'directory')) {
    throw new PulltrainError('usage', { what: '--time needs a table, and a folder is none', seen: values.time });
  }
  const tables = await describeTables(data, before, values.time);
  // Until the pointers are written nothing names the bytes, and nobody may collect them.
  using _held = holdStore(repository.store.root, 'together');
  const total = data.reduce((sum, { type, found }) => sum + (type === 'file' ? found.size : 0), 0);
  const isAllFiles = data.every(({ type }) => type === 'file');
  const report = openProgress(terminal, 'Adding', isAllFiles ? total : 0);
  const stored = await storeData(repository, data, report);
  const pointers = new Map<string, Pointer>();
  for (const { path, type } of data) {
    const content = stored.get(path);
    if (content === undefined) continue;
    const table = tables.get(path);
    const known = before.get(path) ?? null;
    const kept = known?.integrity === content.integrity ? known.madeBy : undefined;
    const madeBy = (await findMaker(repository.root, path, content.integrity, terminal.progress)) ?? kept;
    pointers.set(path, makePointer(type, content, { table, before: known, madeBy, ...values }));
  }
  if (values.remote !== undefined) {
    // Clients of remote services are large, and most additions stay here.
    const { pushData } = await import('./push.ts');
    await pushData(repository, pointers, values.remote, terminal);
  }
  const lines: string[] = [];
  for (const [path, pointer] of pointers) {
    await writePointer(repository, path, pointer);
    lines.push(...(await describe(repository, path, pointer)));
  }
  const added = [...pointers].map(([path, pointer]) => ({ path, pointerPath: pointerPath(path), pointer }));
  terminal.answer(added.length === 1 ? added[0] : { added }, lines.join('\n'));
  return 0;
}

async function describeTables(
  data: readonly DataOnDisk[],
  before: ReadonlyMap<string, Pointer | null>,
  time: string | undefined,
): Promise<Map<string, Pointer['table']>> {
  const tables = new Map<string, Pointer['table']>();
  for (const { path, place, type } of data) {
    if (type === 'directory') continue;
    const table = await describeTable(place, path, time, before.get(path)?.table?.time?.column);
    if (table !== undefined) tables.set(path, table);
  }
  return tables;
}

function makePointer(
  type: 'file' | 'directory',
  { integrity, size, files }: Stored,
  facts: {
    table: Pointer['table'];
    before: Pointer | null;
    madeBy: Pointer['madeBy'];
    source?: string | undefined;
    licence?: string | undefined;
  },
): Pointer {
  const { before, table, madeBy } = facts;
  const source = facts.source ?? before?.source;
  const licence = facts.licence ?? before?.licence;
  return {
    kind: 'pointer',
    version: 1,
    ...(type === 'directory' ? { type } : {}),
    integrity,
    size,
    ...(type === 'directory' ? { files } : {}),
    ...(table === undefined ? {} : { table }),
    ...(source === undefined ? {} : { source }),
    ...(licence === undefined ? {} : { licence }),
    ...(madeBy === undefined ? {} : { madeBy }),
  };
}

/** The pointer that is there, or null; one that cannot be read is replaced. */
async function readPointer(repository: DataRepository, path: string): Promise<Pointer | null> {
  try {
    return parsePointer(await readFile(repository.absolute(pointerPath(path)), 'utf8'), pointerPath(path));
  } catch {
    return null;
  }
}

/** Leaves a pointer alone that says the same already, so that git and people see no change. */
async function writePointer(repository: DataRepository, path: string, pointer: Pointer): Promise<void> {
  const file = repository.absolute(pointerPath(path));
  const text = formatPointer(pointer);
  if ((await readFile(file, 'utf8').catch(() => null)) !== text) await writeFileAtomically(file, text);
}

async function describe(repository: DataRepository, path: string, pointer: Pointer): Promise<string[]> {
  const { table, files, size } = pointer;
  const ignoredNow = await ignorePath(repository.absolute(path));
  const tracked = await trackedBelow(repository.root, path);
  const shape = table === undefined ? '' : `, ${table.rows} rows, ${table.columns.length} columns`;
  return [
    `${pointerPath(path)}: ${files === undefined ? '' : `${files} files, `}${formatBytes(size)}${shape}`,
    ...(table?.time === undefined ? [] : [`${table.time.column} from ${table.time.from} to ${table.time.to}`]),
    ...(ignoredNow ? [`${join(dirname(path), '.gitignore')} now keeps ${basename(path)} out of git`] : []),
    ...(tracked === 0
      ? []
      : [`git still keeps ${path} itself: take it out with git rm -r --cached ${JSON.stringify(path)}`]),
  ];
}
