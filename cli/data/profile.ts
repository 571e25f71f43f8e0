import { access, constants, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { bringFile, isRemoteFile } from '../../adapters/tables/bring-file.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import { type DataProfile, dataProfileSchema } from '../../pipelines/contracts/data-profile.ts';
import { type OpenOptions, openTable } from '../../pipelines/data/open-table.ts';
import { describeProfile } from '../../pipelines/data/profile/describe-profile.ts';
import { foldProfiles } from '../../pipelines/data/profile/fold-profiles.ts';
import { profileTable } from '../../pipelines/data/profile/profile-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { renderProfileText } from '../../reports/profile/render-profile-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openingOf, readingOptions } from './reading-options.ts';

const options = {
  label: { type: 'string', placeholder: 'COLUMN', about: 'show how its values are balanced' },
  out: { type: 'string', placeholder: 'FILE', about: 'write the profile as JSON, to fold or to compare' },
  html: { type: 'string', placeholder: 'FILE', about: 'write a page with pictures' },
  skip: { type: 'string', placeholder: 'LINES', about: 'lines before the header of a CSV file' },
  ...readingOptions,
} as const;

/** Milliseconds between two lines of progress. */
const patience = 2000;

/**
 * `pulltrain data profile FILE`: looks at every row of a table, of this machine or of another, and tells what is in it.
 * `pulltrain data profile fold PROFILE.json...`: the profile of the whole from those of its parts.
 */
export async function profileData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 10_000 });
  const folds = positionals[0] === 'fold';
  if (!folds && positionals.length > 1) {
    throw new PulltrainError('usage', {
      what: 'one file at a time',
      cure: 'Profile each, then use data profile fold.',
    });
  }
  const profile = folds
    ? await foldFiles(positionals.slice(1), values.label, terminal)
    : await profileFile(positionals[0] ?? '', values.label, openOptions(values), terminal);
  const summary = describeProfile(profile);
  if (values.out !== undefined) {
    await writeFileAtomically(resolve(terminal.directory, values.out), `${JSON.stringify(profile)}\n`);
  }
  if (values.html !== undefined) {
    const { writePage } = await import('./profile-page.ts');
    await writePage(summary, resolve(terminal.directory, values.html));
  }
  terminal.answer({ profile, summary }, renderProfileText(summary));
  return 0;
}

async function profileFile(
  address: string,
  label: string | undefined,
  reading: OpenOptions,
  terminal: Terminal,
): Promise<DataProfile> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-profile-'));
  const say = seldom(terminal);
  const tables = await openTables({ temporaryDirectory: folder });
  try {
    const file = await localFile(address, folder, say, terminal);
    say('reading');
    const table = await openTable(file, reading, { tables, scratch: join(folder, 'table') });
    for (const { column, line, seen } of table.mixed) {
      terminal.progress(`${column} is read as text, because of line ${line}: ${JSON.stringify(seen)}`);
    }
    return await profileTable({ table, name: nameOf(address), label }, tables, say);
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function localFile(
  address: string,
  folder: string,
  say: (line: string) => void,
  terminal: Terminal,
): Promise<string> {
  if (isRemoteFile(address)) {
    const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
    return bringFile(address, folder, terminal.environment, (bytes, of) =>
      say(`fetching: ${megabytes(bytes)}${of === null ? '' : ` of ${megabytes(of)}`} MB`),
    );
  }
  const file = resolve(terminal.directory, address);
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new PulltrainError('file-missing', {
      what: found === null ? 'there is no such file' : 'not a file',
      where: address,
    });
  }
  await access(file, constants.R_OK).catch((cause) => {
    throw new PulltrainError('file-unreadable', {
      what: 'the file may not be read',
      where: address,
      cure: 'Give yourself the right to read it (chmod u+r).',
      cause,
    });
  });
  return file;
}

async function foldFiles(
  paths: readonly string[],
  label: string | undefined,
  terminal: Terminal,
): Promise<DataProfile> {
  if (paths.length === 0) throw new PulltrainError('usage', { what: 'fold: which profiles?' });
  const parts: DataProfile[] = [];
  for (const path of paths) parts.push(await readProfile(resolve(terminal.directory, path), path));
  const folded = foldProfiles(parts);
  if (label === undefined || folded.columns.some(({ name }) => name === label)) {
    return label === undefined ? folded : { ...folded, label };
  }
  throw new PulltrainError('column-missing', {
    what: 'no such label column',
    seen: label,
    allowed: folded.columns.map(({ name }) => name).join(', '),
  });
}

async function readProfile(file: string, path: string): Promise<DataProfile> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new PulltrainError('file-missing', { what: 'the profile cannot be read', where: path, cause });
  });
  const read = dataProfileSchema.safeParse(parseJson(text));
  if (read.success) return read.data;
  const [fault] = read.error.issues;
  throw new PulltrainError('profile-invalid', {
    what: 'not a profile of data',
    where: path,
    seen: `${fault?.path.join('.') || 'document'}: ${fault?.message ?? 'not JSON'}`,
    cure: 'Write one with pulltrain data profile FILE --out PROFILE.json.',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

function openOptions(values: Values): OpenOptions {
  const skip = values.skip === undefined ? undefined : Number(values.skip);
  if (skip !== undefined && (!Number.isInteger(skip) || skip < 0)) {
    throw new PulltrainError('usage', { what: '--skip', seen: values.skip ?? '', allowed: 'a number of lines' });
  }
  return { ...openingOf(values), ...(skip === undefined ? {} : { skip }) };
}

function nameOf(address: string): string {
  return isRemoteFile(address) ? address.replace(/\/\/[^/@]*@/, '//').replace(/[?#].*$/, '') : basename(address);
}

/** Lines of progress for work that takes long: the first after two seconds, then one every two. */
function seldom(terminal: Terminal): (line: string) => void {
  let next = performance.now() + patience;
  return (line) => {
    const now = performance.now();
    if (now < next) return;
    next = now + patience;
    terminal.progress(line);
  };
}
