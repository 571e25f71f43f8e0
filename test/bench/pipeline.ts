import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { markdownTable } from 'markdown-table';

const run = promisify(execFile);
const cli = fileURLToPath(new URL('../../cli/main.mjs', import.meta.url));
const stages = Number(process.argv[2] ?? 200);
const repeats = 5;

/**
 * Times a pipeline of many small stages, in chains of ten: everything once, and then again when nothing has changed. Beside
 * DVC where `DVC` names its program (or it is on the PATH); DVC's first run takes minutes and is made all the same.
 */
async function main(): Promise<void> {
  const own = await measure((directory) => run(process.execPath, [cli, 'run'], { cwd: directory }), 'git');
  const dvc = process.env.DVC ?? 'dvc';
  const hasDvc = await run(dvc, ['--version']).then(
    () => true,
    () => false,
  );
  const other = hasDvc ? await measure((directory) => run(dvc, ['repro', '-q'], { cwd: directory }), dvc) : null;
  const row = (what: string, ours: number, theirs: number | undefined) => [
    what,
    ours.toFixed(2),
    theirs?.toFixed(2) ?? 'not installed',
    theirs === undefined ? '' : (theirs / ours).toFixed(1),
  ];
  const table = [
    [`${stages} stages, ${availableParallelism()} cores, seconds`, 'pulltrain', 'DVC', 'ratio'],
    row('run, everything new', own.first, other?.first),
    row(`run, nothing changed (median of ${repeats})`, own.again, other?.again),
  ];
  process.stdout.write(`${markdownTable(table, { align: ['l', 'r', 'r', 'r'] })}\n`);
}

async function measure(work: (directory: string) => Promise<unknown>, tool: string) {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-bench-'));
  try {
    await writePipeline(directory);
    await run('git', ['init', '--quiet'], { cwd: directory });
    if (tool !== 'git') await run(tool, ['init', '-q'], { cwd: directory });
    const seconds = async () => {
      const started = performance.now();
      await work(directory);
      return (performance.now() - started) / 1000;
    };
    const first = await seconds();
    const times: number[] = [];
    for (let round = 0; round < repeats; round += 1) times.push(await seconds());
    return { first, again: times.sort((left, right) => left - right)[repeats >> 1] ?? Number.NaN };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function writePipeline(directory: string): Promise<void> {
  const lines = ['stages:'];
  for (let index = 0; index < stages; index += 1) {
    const source = index % 10 === 0 ? `in${index}.txt` : `out${index - 1}.txt`;
    if (index % 10 === 0) await writeFile(join(directory, source), `${index}\n`.repeat(100));
    lines.push(`  s${index}:`, `    cmd: cp ${source} out${index}.txt`, `    deps: [${source}]`);
    lines.push(`    params: [p${index}]`, `    outs: [out${index}.txt]`);
  }
  await writeFile(join(directory, 'dvc.yaml'), `${lines.join('\n')}\n`);
  const parameters = Array.from({ length: stages }, (_, index) => `p${index}: ${index}\n`);
  await writeFile(join(directory, 'params.yaml'), parameters.join(''));
}

await main();
