import type { ColumnShift, DataDiff } from '../../contracts/data-diff.ts';
import type { Tables } from '../../ports/tables.ts';
import type { OpenTable } from '../open-table.ts';
import { isNumeric, type ProfiledColumn, profiledColumn } from '../profile/column-values.ts';
import { sampleSource } from '../profile/sample-source.ts';
import { categoryDistance, categoryNoise, numberDistance, numberNoise } from './column-distance.ts';
import { countRowChanges } from './count-row-changes.ts';
import { readLabelBalance } from './read-label-balance.ts';

/** Columns whose shift is told; of wider tables the first so many. */
const mostColumns = 200;
/** Distinct texts that are compared one by one; the rarer ones together. */
const mostTexts = 1000;

export type DiffSide = { path: string; table: OpenTable };

/**
 * What differs between two tables: columns, rows, the distribution of every column that both have, and the balance of a
 * label. Rows and labels are counted from all rows; shifts of large tables from a sample, which says so.
 */
export async function diffTables(
  base: DiffSide,
  head: DiffSide,
  { label }: { label?: string | undefined },
  tables: Tables,
): Promise<DataDiff> {
  const before = base.table.columns.map(profiledColumn);
  const after = head.table.columns.map(profiledColumn);
  const pairs = before.flatMap((column) => {
    const found = after.find(({ name }) => name === column.name);
    return found === undefined ? [] : [{ base: column, head: found }];
  });
  const rows = { base: await countRows(base, tables), head: await countRows(head, tables) };
  const comparable = pairs.filter((pair) => isNumeric(pair.base) === isNumeric(pair.head)).slice(0, mostColumns);
  const samples = {
    base: await readSample(
      base,
      rows.base,
      comparable.map((pair) => pair.base),
      tables,
    ),
    head: await readSample(
      head,
      rows.head,
      comparable.map((pair) => pair.head),
      tables,
    ),
  };
  const shifts: ColumnShift[] = [];
  for (const pair of comparable) shifts.push(await shiftOf(pair, samples, tables));
  return {
    base: { path: base.path, rows: rows.base },
    head: { path: head.path, rows: rows.head },
    columns: {
      added: after
        .filter(({ name }) => !before.some((one) => one.name === name))
        .map(named)
        .slice(0, mostColumns),
      removed: before
        .filter(({ name }) => !after.some((one) => one.name === name))
        .map(named)
        .slice(0, mostColumns),
      retyped: pairs
        .filter((pair) => pair.base.type !== pair.head.type)
        .map((pair) => ({
          name: short(pair.base.name),
          base: pair.base.type.slice(0, 100),
          head: pair.head.type.slice(0, 100),
        }))
        .slice(0, mostColumns),
    },
    rows: pairs.length === 0 ? null : await countRowChanges(base, head, { pairs, rows }, tables),
    shifts: shifts.sort((left, right) => right.distance - left.distance),
    sampled: [samples.base.rows, samples.head.rows],
    label: await readLabelBalance(
      base,
      head,
      pairs.find((pair) => pair.base.name === label),
      tables,
    ),
  };
}

type Pair = { base: ProfiledColumn; head: ProfiledColumn };
type Sample = { source: string; rows: number; numbers: Map<string, Float64Array> };

async function shiftOf(
  { base, head }: Pair,
  samples: { base: Sample; head: Sample },
  tables: Tables,
): Promise<ColumnShift> {
  const sizes = [samples.base.rows, samples.head.rows] as const;
  if (isNumeric(base)) {
    const before = samples.base.numbers.get(base.name) ?? new Float64Array();
    const after = samples.head.numbers.get(head.name) ?? new Float64Array();
    return {
      name: short(base.name),
      kind: base.kind,
      distance: numberDistance(before, after),
      noise: numberNoise(before.length, after.length),
      missing: [missingShare(before.length, sizes[0]), missingShare(after.length, sizes[1])],
      middle: [middleOf(before), middleOf(after)],
    };
  }
  const before = await readTexts(samples.base.source, base, tables);
  const after = await readTexts(samples.head.source, head, tables);
  const present = [sum(before), sum(after)] as const;
  return {
    name: short(base.name),
    kind: base.kind,
    distance: categoryDistance(before, after),
    noise: categoryNoise(before, after),
    missing: [missingShare(present[0], sizes[0]), missingShare(present[1], sizes[1])],
    middle: [null, null],
  };
}

/** Numbers of a sample, sorted, without missing ones. */
async function readSample(
  { table }: DiffSide,
  rows: number,
  columns: readonly ProfiledColumn[],
  tables: Tables,
): Promise<Sample> {
  const { source } = sampleSource(table, rows);
  const numeric = columns.filter(isNumeric);
  const names = numeric.map((_, index) => `x${index}`);
  const values = numeric.map(({ value }, index) => `${value} AS x${index}`);
  const fetched =
    numeric.length === 0 ? {} : await tables.columns(`SELECT ${values.join(', ')} FROM ${source} AS source`, names);
  const first = fetched.x0;
  const sampled = first?.length ?? Number((await tables.query(`SELECT count(*) AS n FROM ${source}`))[0]?.n ?? 0);
  const numbers = new Map<string, Float64Array>();
  for (const [index, { name }] of numeric.entries()) {
    const column = fetched[`x${index}`] ?? new Float64Array();
    numbers.set(name, column.filter((value) => !Number.isNaN(value)).sort());
  }
  return { source, rows: sampled, numbers };
}

/** How often each text occurs in a sample; all past the most frequent are one. */
async function readTexts(source: string, { value }: ProfiledColumn, tables: Tables): Promise<Map<string, number>> {
  const found = await tables.query(
    `SELECT hash(x)::VARCHAR AS x, count(*) AS n FROM (SELECT ${value} AS x FROM ${source} AS source)
WHERE x IS NOT NULL GROUP BY x ORDER BY n DESC, x LIMIT ${mostTexts}`,
  );
  return new Map(found.map(({ x, n }) => [String(x), Number(n)]));
}

async function countRows({ table }: DiffSide, tables: Tables): Promise<number> {
  const [row] = await tables.query(`SELECT count(*) AS n FROM ${table.source}`);
  return Number(row?.n ?? 0);
}

function middleOf(sorted: Float64Array): number | null {
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

function missingShare(present: number, rows: number): number {
  return rows === 0 ? 0 : Math.max(0, 1 - present / rows);
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function named({ name, type }: ProfiledColumn): { name: string; type: string } {
  return { name: short(name), type: type.slice(0, 100) };
}

function short(name: string): string {
  return name.slice(0, 200);
}
