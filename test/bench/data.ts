import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownTable } from 'markdown-table';
import { seededRandom } from '../../pipelines/statistics/seeded-random.ts';

const main = fileURLToPath(new URL('../../cli/main.mjs', import.meta.url));
/** GNU time tells processor seconds and peak memory of a command; without it there is the clock alone. */
const gnuTime = '/usr/bin/time';

/** Seconds by the clock and of the processors (user and system), MiB at most; null where it is not known. */
type Cost = { wall: number; cpu: number | null; memory: number | null };
type Row = [what: string, ours: Cost, theirs: Cost | null];

/**
 * Times the versions of data beside DVC (the `dvc` on the PATH, left out where there is none), `sha512sum` and `cp`, one
 * after the other for each step, so that both meet the same machine. Prints a table; sets the exit code when a command
 * ended otherwise than it should.
 */
export function benchData(args: readonly string[]): void {
  const { values } = parseArgs({
    args: [...args],
    options: {
      files: { type: 'string', default: '10000' },
      mebibytes: { type: 'string', default: '410' },
      full: { type: 'boolean', default: false },
    },
  });
  const files = values.full ? 100_000 : sizeOf(values.files, '--files');
  const mebibytes = values.full ? 4096 : sizeOf(values.mebibytes, '--mebibytes');
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-bench-'));
  const failures: string[] = [];
  try {
    const rows = measure(folder, files, mebibytes, failures);
    process.stdout.write(`${tableOf(rows)}\n`);
    for (const failure of failures) process.stdout.write(`\nFAILED ${failure}\n`);
    if (failures.length > 0) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sizeOf(text: string, option: string): number {
  const size = Number(text);
  if (Number.isInteger(size) && size > 0) return size;
  throw new Error(`${option} needs a whole number from 1 on, not ${text}`);
}

function measure(folder: string, files: number, mebibytes: number, failures: string[]): Row[] {
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'dvc')];
  process.stderr.write(`Writing ${files} files of 4 KiB and one of ${mebibytes} MiB, twice\n`);
  fill(join(ours, 'data'), files, mebibytes);
  cpSync(ours, theirs, { recursive: true });
  for (const place of [ours, theirs]) execFileSync('git', ['init', '--quiet', place]);
  const hasDvc = spawnSync('dvc', ['--version']).status === 0;
  if (!hasDvc) process.stderr.write('There is no dvc on the PATH: only our own figures\n');
  const run = (cwd: string, command: string, args: readonly string[], allowed = [0]) =>
    cost(cwd, command, args, { allowed, failures, scratch: folder });
  const pulltrain = (...rest: string[]) => run(ours, process.execPath, [main, 'data', ...rest]);
  // With --quiet, DVC's status ends with 1 where something changed.
  const dvc = (...rest: string[]) => (hasDvc ? run(theirs, 'dvc', rest, rest[0] === 'status' ? [0, 1] : [0]) : null);
  dvc('init', '--quiet');
  dvc('remote', 'add', '--quiet', '--default', 'there', join(folder, 'dvc-remote'));
  const remote = ['--remote', join(folder, 'remote')];
  const big = join(ours, 'data/big.bin');
  const rows: Row[] = [];
  const pair = (what: string, own: () => Cost, other: () => Cost | null) => {
    process.stderr.write(`${what}\n`);
    rows.push([what, own(), other()]);
  };
  const both = (what: string, own: string[], other: string[]) =>
    pair(
      what,
      () => pulltrain(...own),
      () => dvc(...other),
    );

  both(`add ${files} x 4 KiB`, ['add', 'data/many'], ['add', '--quiet', 'data/many']);
  pair(
    `sha512sum of ${mebibytes} MiB`,
    () => run(ours, 'sha512sum', [big]),
    () => null,
  );
  both(`add 1 x ${mebibytes} MiB`, ['add', 'data/big.bin'], ['add', '--quiet', 'data/big.bin']);
  pair(
    `cp of ${mebibytes} MiB`,
    () => run(ours, 'cp', [big, join(folder, 'copy')]),
    () => null,
  );
  both('status, unchanged', ['status'], ['status', '--quiet']);
  both('push of both', ['push', ...remote], ['push', '--quiet']);
  for (const place of [ours, theirs]) appendFileSync(join(place, 'data/many/f7.bin'), 'x');
  both(`status, one of ${files} changed`, ['status'], ['status', '--quiet']);
  both(`add, one of ${files} changed`, ['add', 'data/many'], ['add', '--quiet', 'data/many']);
  both(`push, one of ${files} changed`, ['push', ...remote], ['push', '--quiet']);
  for (const gone of ['ours/.pulltrain', 'dvc/.dvc/cache'])
    rmSync(join(folder, gone), { recursive: true, force: true });
  const without = () => {
    for (const place of ['ours', 'dvc']) {
      for (const gone of ['many', 'big.bin'])
        rmSync(join(folder, place, 'data', gone), { recursive: true, force: true });
    }
  };
  without();
  both('pull of both', ['pull', ...remote], ['pull', '--quiet']);
  without();
  both('checkout of both', ['checkout'], ['checkout', '--quiet']);
  const lost = [0, 7, files - 1].filter((index) => !existsSync(join(ours, `data/many/f${index}.bin`)));
  if (lost.length > 0) failures.push(`pulltrain data checkout did not bring ${lost.length} files`);
  return rows;
}

/** Bytes that no two files share and that cannot be compressed. */
function fill(folder: string, files: number, mebibytes: number): void {
  mkdirSync(join(folder, 'many'), { recursive: true });
  const next = seededRandom(7);
  const bytes = Buffer.alloc(2 ** 20);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.floor(next() * 2 ** 32), at);
  const piece = (index: number, length: number) => {
    const some = Buffer.from(bytes.subarray((index * 64) % 2 ** 19, ((index * 64) % 2 ** 19) + length));
    // A number every 64 bytes: no chunk of one is found in another.
    for (let at = 0; at + 8 <= some.length; at += 64) some.writeUInt32LE((index * 2654435761) % 2 ** 32, at);
    return some;
  };
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(folder, 'many', `f${index}.bin`), piece(index, 4096));
  for (let index = 0; index < mebibytes * 2; index += 1) appendFileSync(join(folder, 'big.bin'), piece(index, 2 ** 19));
}

function cost(
  cwd: string,
  command: string,
  args: readonly string[],
  { allowed, failures, scratch }: { allowed: readonly number[]; failures: string[]; scratch: string },
): Cost {
  const told = join(scratch, 'cost');
  const timed = existsSync(gnuTime);
  const [program, rest] = timed
    ? [gnuTime, ['--quiet', '--format', '%U %S %M', '--output', told, command, ...args]]
    : [command, args];
  const started = performance.now();
  const { status, stderr } = spawnSync(program, rest, { cwd, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  const wall = (performance.now() - started) / 1000;
  if (!allowed.includes(status ?? -1)) {
    failures.push(`${[command, ...args].join(' ')} ended with ${status}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  }
  if (!timed) return { wall, cpu: null, memory: null };
  const [user = Number.NaN, system = Number.NaN, kibibytes = Number.NaN] = readFileSync(told, 'utf8')
    .trim()
    .split(' ')
    .map(Number);
  return { wall, cpu: user + system, memory: kibibytes / 1024 };
}

function tableOf(rows: readonly Row[]): string {
  const show = (one: Cost | null) => {
    if (one === null) return '';
    const { wall, cpu, memory } = one;
    return cpu === null || memory === null
      ? `${wall.toFixed(2)} s`
      : `${wall.toFixed(2)} s (${cpu.toFixed(2)} s), ${Math.round(memory)} MiB`;
  };
  const ratio = (left: number | null | undefined, right: number | null) =>
    left === null || left === undefined || right === null ? '' : (left / right).toFixed(1);
  return markdownTable(
    [
      ['elapsed (processor), memory', 'pulltrain', 'DVC', 'DVC / pulltrain, elapsed', 'processor'],
      ...rows.map(([what, ours, theirs]) => [
        what,
        show(ours),
        show(theirs),
        ratio(theirs?.wall, ours.wall),
        ratio(theirs?.cpu, ours.cpu),
      ]),
    ],
    { align: ['l', 'r', 'r', 'r', 'r'] },
  );
}
