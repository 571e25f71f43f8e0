import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';
import { type GitObject, type ObjectInfo, type ObjectType, openObjectReader } from './open-object-reader.ts';
import { type GitResult, runGit } from './run-git.ts';

/** `from` null means that the ref must not exist yet, absent that anything goes; `to` null deletes. */
export type RefChange = { ref: string; to: string | null; from?: string | null };

export type GitStore = {
  directory: string;
  info(revision: string): Promise<ObjectInfo | null>;
  read(revision: string): Promise<GitObject | null>;
  /** Object id of the commit a revision leads to, through tags. */
  commitOid(revision: string): Promise<string | null>;
  write(type: ObjectType, bytes: Buffer): Promise<string>;
  run(args: readonly string[], options?: { input?: string | Buffer; highestCode?: number }): Promise<GitResult>;
  /** All changes or none; false when a ref was not what `from` says or a name is not allowed. */
  updateRefs(changes: readonly RefChange[]): Promise<boolean>;
  /** Runs tasks that must not interleave one after the other. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
  close(): void;
};

const compress = promisify(deflate);
const ZERO = '0'.repeat(40);

const SETTINGS = [
  ['http.receivepack', 'true'],
  ['receive.hideRefs', 'refs/pull'],
  ['receive.autogc', 'false'],
  ['receive.denyDeleteCurrent', 'refuse'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
  ['uploadpack.allowFilter', 'true'],
  ['gc.auto', '0'],
  ['core.logAllRefUpdates', 'false'],
];

/** Creates a bare repository and opens it. */
export async function createGitStore(directory: string, defaultBranch: string): Promise<GitStore> {
  await mkdir(directory, { recursive: true });
  await runGit(directory, [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    '--object-format=sha1',
    `--initial-branch=${defaultBranch}`,
  ]);
  const sections = SETTINGS.map(([key = '', value]) => {
    const dot = key.lastIndexOf('.');
    return `[${key.slice(0, dot)}]\n\t${key.slice(dot + 1)} = ${value}\n`;
  });
  await writeFile(
    join(directory, 'config'),
    `[core]\n\trepositoryformatversion = 0\n\tbare = true\n${sections.join('')}`,
  );
  return openGitStore(directory);
}

function openGitStore(directory: string): GitStore {
  const reader = openObjectReader(directory);
  let last: Promise<unknown> = Promise.resolve();

  return {
    directory,
    info: (revision) => reader.info(revision),
    read: (revision) => reader.read(revision),
    async commitOid(revision) {
      const found = await reader.info(`${revision}^{commit}`);
      return found?.oid ?? null;
    },
    write: (type, bytes) => writeLooseObject(directory, type, bytes),
    run: (args, options) => runGit(directory, args, options),
    async updateRefs(changes) {
      if (changes.some(({ ref }) => /[\s\0]/.test(ref))) return false;
      const lines = changes.map(({ ref, to, from }) => {
        const expected = from === undefined ? '' : ` ${from ?? ZERO}`;
        return to === null ? `delete ${ref}${expected}\n` : `update ${ref} ${to}${expected}\n`;
      });
      const { code } = await runGit(directory, ['update-ref', '--stdin'], { input: lines.join(''), highestCode: 255 });
      return code === 0;
    },
    exclusive(task) {
      const result = last.then(task);
      last = result.catch(() => {});
      return result;
    },
    close: () => reader.close(),
  };
}

async function writeLooseObject(directory: string, type: ObjectType, bytes: Buffer): Promise<string> {
  const whole = Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes]);
  const oid = createHash('sha1').update(whole).digest('hex');
  const folder = join(directory, 'objects', oid.slice(0, 2));
  const path = join(folder, oid.slice(2));
  const known = await access(path).then(
    () => true,
    () => false,
  );
  if (known) return oid;
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `tmp-${randomUUID()}`);
  await writeFile(temporary, await compress(whole), { mode: 0o444 });
  await rename(temporary, path);
  return oid;
}
