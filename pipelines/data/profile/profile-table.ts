import type { DataColumn, DataProfile } from '../../contracts/data-profile.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import type { OpenTable } from '../open-table.ts';
import { coMomentsOf } from './co-moments.ts';
import { type HashedColumn, hashedSql, isNumeric, type ProfiledColumn, profiledColumn } from './column-values.ts';
import { readDistinct } from './read-distinct.ts';
import { readQuantiles } from './read-quantiles.ts';
import { readRowSketch } from './read-row-sketch.ts';
import { readSummaries } from './read-summaries.ts';
import { readTopValues } from './read-top-values.ts';
import { sampleSource } from './sample-source.ts';

/** Columns whose correlations are computed: the first so many numeric ones. */
const mostCorrelated = 64;
/** Values that are fetched at a time. */
const columnsAtOnce = 32;

export type ProfileSubject = {
  table: OpenTable;
  /** What the profile calls the table. */
  name: string;
  /** Column whose balance matters. */
  label?: string | undefined;
};

/**
 * Profiles a table in a few passes, the heavy part of each in the engine: summaries, a sample that chooses edges, counts
 * between them, hashes for what is distinct. `said` is told what is being done. Throws `column-missing` for a label that is
 * not there.
 */
export async function profileTable(
  { table, name, label }: ProfileSubject,
  tables: Tables,
  said: (step: string) => void = () => {},
): Promise<DataProfile> {
  const { source } = table;
  const columns = table.columns.map(profiledColumn);
  requireLabel(label, columns, name);
  const numeric = columns.filter(isNumeric);

  said('counting rows');
  const { rows, numbers, texts } = await readSummaries(source, columns, tables);
  said('taking a sample');
  const sample = sampleSource(table, rows);
  const samples = new Map<string, Float64Array>();
  for (let start = 0; start < numeric.length; start += columnsAtOnce) {
    await readSample(sample.source, numeric.slice(start, start + columnsAtOnce), samples, tables);
  }
  const sampled = samples.get(numeric[0]?.name ?? '')?.length ?? 0;
  const correlated = numeric.slice(0, mostCorrelated).filter(({ kind }) => kind !== 'time');
  const correlations = coMomentsOf(
    correlated.map((column) => ({ name: column.name, values: samples.get(column.name) ?? new Float64Array() })),
    { sampled, rows },
  );

  said('counting between quantiles');
  const quantiles = await readQuantiles(
    source,
    numeric.flatMap((column) => {
      const [summary, values] = [numbers.get(column.name), samples.get(column.name)];
      return summary === undefined || values === undefined ? [] : [{ column, summary, sample: values }];
    }),
    tables,
  );

  const profiled: DataColumn[] = [];
  const hashes: (HashedColumn & { name: string })[] = [];
  for (const [index, column] of columns.entries()) {
    said(`column ${index + 1} of ${columns.length}`);
    const summary = numbers.get(column.name);
    const hashed = hashedSql(column, summary ?? { min: null, max: null });
    hashes.push({ ...hashed, name: column.name });
    const shared = { name: column.name, type: column.type, distinct: await readDistinct(source, hashed, tables) };
    if (isNumericColumn(column)) {
      const { present = 0, infinite = 0, min = null, max = null, moments = null } = summary ?? {};
      profiled.push({
        ...shared,
        kind: column.kind,
        missing: rows - present,
        infinite,
        min,
        max,
        moments,
        quantiles: quantiles.get(column.name) ?? null,
      });
    } else if (column.kind === 'text' || column.kind === 'boolean') {
      const {
        present = 0,
        empty = 0,
        padded = 0,
        shortest = null,
        longest = null,
        characters = 0,
      } = texts.get(column.name) ?? {};
      const top = await readTopValues(source, column, sample, tables);
      const { kind } = column;
      profiled.push({ ...shared, kind, missing: rows - present, empty, padded, shortest, longest, characters, top });
    }
  }
  said('looking for equal rows');
  const duplicates = await readRowSketch(source, { hashed: hashes, rows }, tables);
  return {
    kind: 'data-profile',
    version: 1,
    source: name,
    partitions: 1,
    hash: await readHashes(tables),
    rows,
    columns: profiled,
    correlations,
    duplicates,
    label: label ?? null,
  };
}

function isNumericColumn(column: ProfiledColumn): column is ProfiledColumn & { kind: 'integer' | 'number' | 'time' } {
  return isNumeric(column);
}

async function readSample(
  source: string,
  columns: readonly ProfiledColumn[],
  samples: Map<string, Float64Array>,
  tables: Tables,
): Promise<void> {
  const names = columns.map((_, index) => `x${index}`);
  const values = columns.map(({ value }, index) => `${value} AS x${index}`);
  const fetched = await tables.columns(`SELECT ${values.join(', ')} FROM ${source} AS source`, names);
  for (const [index, { name }] of columns.entries()) samples.set(name, fetched[`x${index}`] ?? new Float64Array());
}

/** The engine may hash otherwise in another version; fixed values tell. */
async function readHashes(tables: Tables): Promise<string> {
  const [row] = await tables.query(
    `SELECT format('{:016x}{:016x}{:016x}', hash(1::DOUBLE), hash('pulltrain'), hash(1::DOUBLE, 'a', NULL::DOUBLE)) AS hashes`,
  );
  return String(row?.hashes ?? '');
}

function requireLabel(label: string | undefined, columns: readonly ProfiledColumn[], where: string): void {
  if (label === undefined || columns.some(({ name }) => name === label)) return;
  throw new PulltrainError('column-missing', {
    what: 'no such label column',
    where,
    seen: label,
    allowed: columns.map(({ name }) => name).join(', '),
  });
}
