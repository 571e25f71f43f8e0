import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdownTable } from 'markdown-table';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { openScorer } from '../../adapters/onnx/open-scorer.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { buildForest } from '../fixtures/onnx-forest.ts';
import { buildLogisticModel } from '../fixtures/onnx-model.ts';

// Scores a table through the closed process beside a bare loop over ONNX Runtime with the same batches, session options and
// rows, which it is given in memory: node test/bench/scoring.ts [rows]

const self = fileURLToPath(import.meta.url);
const batchRows = 8192;
const names = Array.from({ length: 14 }, (_, index) => `c${index}`);

type Result = { seconds: number; sum: number };
const rounds = 3;
const nothing = { seconds: Number.POSITIVE_INFINITY };

/** What anybody would write: everything in memory, a tensor per column and batch, one thread. */
async function bareLoop(model: string, file: string): Promise<Result> {
  const tables = await openTables();
  const columns: Record<string, Float32Array> = {};
  for (const [name, values] of Object.entries(await tables.columns(`SELECT * FROM '${file}'`, names))) {
    columns[name] = new Float32Array(values);
  }
  tables.close();
  const session = await InferenceSession.create(await readFile(model), { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const rows = columns.c0?.length ?? 0;
  let sum = 0;
  const started = performance.now();
  for (let start = 0; start < rows; start += batchRows) {
    const feeds = Object.fromEntries(
      names.map((name) => {
        const values = columns[name]?.subarray(start, start + batchRows) ?? new Float32Array();
        return [name, new Tensor('float32', values, [values.length, 1])];
      }),
    );
    const { probability } = await session.run(feeds);
    for (const score of probability?.data ?? []) sum += Number(score);
  }
  return { seconds: (performance.now() - started) / 1000, sum };
}

/** From the file to the scores, through both processes; `inside` is the time of the model alone. */
async function pulltrain(model: string, file: string, tables: Tables): Promise<Result & { inside: number }> {
  const opened = await (await openScorer()).open(model);
  try {
    const started = performance.now();
    const select = `SELECT ${names.map((name) => `CAST(${name} AS FLOAT) AS ${name}`).join(', ')} FROM '${file}'`;
    const { values, seconds } = await opened.score(tables.stream(select, batchRows), 'one');
    const total = (performance.now() - started) / 1000;
    return { seconds: total, inside: seconds, sum: values.reduce((sum, score) => sum + score, 0) };
  } finally {
    await opened.close();
  }
}

async function main(rows: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-bench-'));
  const file = join(folder, 'rows.parquet');
  const tables = await openTables({ temporaryDirectory: join(folder, 'spill') });
  try {
    process.stderr.write(`Writing ${rows} rows of ${names.length} columns\n`);
    const list = names.map((name, index) => `(hash(i * 31 + ${index}) % 1000)::INTEGER AS ${name}`);
    await tables.query(`COPY (SELECT ${list.join(', ')} FROM range(${rows}) r(i)) TO '${file}' (FORMAT parquet)`);
    const models = {
      'logistic regression': buildLogisticModel({ inputs: names, weights: names.map(() => 0.0001), bias: -0.7 }),
      '100 trees of depth 6': buildForest({ inputs: names, trees: 100, depth: 6, seed: 1 }),
    };
    const lines: string[][] = [];
    for (const [title, bytes] of Object.entries(models)) {
      const model = join(folder, 'model.onnx');
      await writeFile(model, bytes);
      const bare = { ...nothing };
      const own = { ...nothing, inside: Number.POSITIVE_INFINITY };
      // In turn, the best of each: whatever else the machine does comes and goes.
      for (let round = 0; round < rounds; round += 1) {
        // In a process of its own, so that neither finds the other's memory warm.
        const { stdout } = spawnSync(process.execPath, [self, 'bare', model, file], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const loop: Result = JSON.parse(stdout.toString());
        const found = await pulltrain(model, file, tables);
        if (Math.abs(found.sum - loop.sum) > 1e-6 * Math.abs(loop.sum)) throw new Error('the scores differ');
        bare.seconds = Math.min(bare.seconds, loop.seconds);
        own.seconds = Math.min(own.seconds, found.seconds);
        own.inside = Math.min(own.inside, found.inside);
      }
      const speed = (seconds: number) => `${Math.round(rows / seconds / 1000)} k rows/s`;
      lines.push([
        title,
        speed(bare.seconds),
        speed(own.inside),
        (bare.seconds / own.inside).toFixed(2),
        speed(own.seconds),
        (bare.seconds / own.seconds).toFixed(2),
      ]);
    }
    const head = ['model', 'bare loop in memory', 'inside the closed process', 'ratio', 'from file to scores', 'ratio'];
    const { size } = await stat(file);
    process.stdout.write(
      `${markdownTable([head, ...lines], { align: ['l', 'r', 'r', 'r', 'r', 'r'] })}\n\n${rows} rows, ${names.length} columns, ${Math.round(size / 1e6)} MB of Parquet, batches of ${batchRows}; most memory of this process ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`,
    );
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const [first, model = '', file = ''] = process.argv.slice(2);
if (first === 'bare') process.stdout.write(JSON.stringify(await bareLoop(model, file)));
else await main(Number(first ?? 1_000_000));
