import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/**
 * Times the versions of data beside DVC (the `dvc` on the PATH, left out where there is none), `sha512sum` and `cp`.
 * `--full` takes 100,000 files of 4 KiB and one of 4 GiB instead of a tenth of them.
 */
export function benchData(args: readonly string[]): string {
  const [files, mebibytes] = args.includes('--full') ? [100_000, 4096] : [10_000, 410];
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-bench-'));
  try {
    const [ours, theirs] = [join(folder, 'ours'), join(folder, 'dvc')];
    fill(join(ours, 'data'), files, mebibytes);
    cpSync(ours, theirs, { recursive: true });
    for (const place of [ours, theirs]) execFileSync('git', ['init', '--quiet', place]);
    const pulltrain = (...rest: string[]) => seconds(process.execPath, [main, 'data', ...rest], ours);
    const hasDvc = spawnSync('dvc', ['--version']).status === 0;
    const dvc = (...rest: string[]) => (hasDvc ? seconds('dvc', rest, theirs) : null);
    dvc('init', '--quiet');
    dvc('remote', 'add', '--default', 'there', join(folder, 'dvc-remote'));
    const remote = ['--remote', join(folder, 'remote')];
    const big = join(ours, 'data/big.bin');
    const rows: [string, number, number | null][] = [
      [`add ${files} x 4 KiB`, pulltrain('add', 'data/many'), dvc('add', '--quiet', 'data/many')],
      [`add 1 x ${mebibytes} MiB`, pulltrain('add', 'data/big.bin'), dvc('add', '--quiet', 'data/big.bin')],
      ['sha512sum of it', seconds('sha512sum', [big], ours), null],
      ['cp of it', seconds('cp', [big, join(folder, 'copy')], ours), null],
      ['status, unchanged', pulltrain('status'), dvc('status', '--quiet')],
      ['push', pulltrain('push', ...remote), dvc('push', '--quiet')],
    ];
    for (const place of [ours, theirs]) appendFileSync(join(place, 'data/many/f7.bin'), 'x');
    rows.push(['add, one file changed', pulltrain('add', 'data/many'), dvc('add', '--quiet', 'data/many')]);
    rows.push(['push, one file changed', pulltrain('push', ...remote), dvc('push', '--quiet')]);
    for (const gone of ['ours/.pulltrain', 'ours/data/many', 'ours/data/big.bin', 'dvc/.dvc/cache', 'dvc/data/many']) {
      rmSync(join(folder, gone), { recursive: true, force: true });
    }
    rmSync(join(theirs, 'data/big.bin'));
    rows.push(['pull', pulltrain('pull', ...remote), dvc('pull', '--quiet')]);
    return tableOf(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function fill(folder: string, files: number, mebibytes: number): void {
  mkdirSync(join(folder, 'many'), { recursive: true });
  for (let index = 0; index < files; index += 1) {
    writeFileSync(join(folder, 'many', `f${index}.bin`), randomBytes(4096));
  }
  for (let index = 0; index < mebibytes; index += 1) appendFileSync(join(folder, 'big.bin'), randomBytes(2 ** 20));
}

/** Seconds of a command that may end as it likes. */
function seconds(command: string, args: readonly string[], cwd: string): number {
  const started = performance.now();
  spawnSync(command, args, { cwd, stdio: 'ignore' });
  return (performance.now() - started) / 1000;
}

function tableOf(rows: readonly [string, number, number | null][]): string {
  return markdownTable([
    ['figure', 'pulltrain', 'DVC', 'DVC / pulltrain'],
    ...rows.map(([what, ours, theirs]) => [
      what,
      `${ours.toFixed(2)} s`,
      theirs === null ? '' : `${theirs.toFixed(2)} s`,
      theirs === null ? '' : (theirs / ours).toFixed(1),
    ]),
  ]);
}
