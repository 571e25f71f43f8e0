import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { openTable } from '../../pipelines/data/open-table.ts';
import { profileTable } from '../../pipelines/data/profile/profile-table.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';

// Profiles a table of 20 columns beside what the engine itself offers for looking at one: node test/bench/profile.ts [rows]

const rows = Number(process.argv[2] ?? 10_000_000);

const columns = [
  ...[1, 2, 3, 4, 5, 6].map((scale) => `random() * 1000 * ${scale} AS d${scale}`),
  ...[1, 2, 3].map((scale) => `(random() * random() * 100 * ${scale})::INTEGER AS i${scale}`),
  'range AS id',
  '(random() * 1e7)::BIGINT AS b',
  '(random() * 3)::TINYINT AS t',
  `'category ' || (random() * 20)::INTEGER AS s1`,
  `'city ' || (random() * 5000)::INTEGER AS s2`,
  `md5(range::VARCHAR) AS s3`,
  'random() < 0.1 AS yes',
  `TIMESTAMP '2001-01-01' + to_seconds((random() * 1e8)::BIGINT) AS at`,
  `DATE '2001-01-01' + (random() * 700)::INTEGER AS day`,
  'CASE WHEN random() < 0.3 THEN NULL ELSE random() END AS gaps',
  'CASE WHEN random() < 0.5 THEN 0.0 ELSE random() END AS zeros',
];

type Cost = { wall: number; cpu: number };

async function measure(work: () => Promise<unknown>): Promise<Cost> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: (performance.now() - started) / 1000, cpu: (user + system) / 1e6 };
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'pulltrain-bench-'));
  const file = join(directory, 'table.parquet');
  const tables = await openTables({ temporaryDirectory: join(directory, 'spill') });
  try {
    process.stderr.write(`Writing ${rows} rows of ${columns.length} columns\n`);
    await tables.query(`COPY (SELECT ${columns.join(', ')} FROM range(${rows})) TO '${file}' (FORMAT parquet)`);
    const { size } = await stat(file);
    const table = await openTable(file, {}, { tables, scratch: join(directory, 'scratch') });
    const names = table.columns.map(({ name }) => name);
    const each = (make: (name: string) => string) => names.map(make).join(', ');
    const extremes = `SELECT count(*), ${each((name) => `min("${name}"), max("${name}"), count("${name}")`)} FROM ${table.source}`;
    const distinct = `SELECT count(*), ${each((name) => `min("${name}"), max("${name}"), count("${name}"), approx_count_distinct("${name}")`)} FROM ${table.source}`;
    const subjects: [string, () => Promise<unknown>][] = [
      ['min, max, count', () => tables.query(extremes)],
      ['min, max, count, approx_count_distinct', () => tables.query(distinct)],
      ['SUMMARIZE', () => summarize(table.source, tables)],
      ['pulltrain data profile', () => profileTable({ table, name: 'table' }, tables)],
    ];
    const costs = new Map<string, Cost>();
    for (const [name, work] of subjects) costs.set(name, await measure(work));
    const own = costs.get('SUMMARIZE') ?? { wall: Number.NaN, cpu: Number.NaN };
    const lines = [...costs].map(([name, { wall, cpu }]) => [
      name,
      `${wall.toFixed(1)} s`,
      `${cpu.toFixed(1)} s`,
      `${(cpu / own.cpu).toFixed(2)}`,
    ]);
    process.stdout.write(
      `${markdownTable([['What', 'Time', 'Processor', 'of SUMMARIZE'], ...lines])}\n\n${rows} rows, ${columns.length} columns, ${Math.round(size / 1e6)} MB of Parquet; most memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`,
    );
  } finally {
    tables.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function summarize(source: string, tables: Tables): Promise<void> {
  await tables.query(`SUMMARIZE SELECT * FROM ${source}`);
}

await main();
