import type {
  DataColumn,
  DataProfile,
  DistinctSketch,
  NumericColumn,
  TextColumn,
} from '../../contracts/data-profile.ts';
import { PulltrainError } from '../../errors.ts';
import { mergeCoMoments } from './co-moments.ts';
import { mergeRegisters } from './hyper-log-log.ts';
import { mergeMoments } from './moments.ts';
import { asNumbers, foldSketches } from './quantile-sketch.ts';
import { mergeRowSketches } from './row-sketch.ts';
import { mergeTopValues } from './top-values.ts';

/**
 * The profile of the whole from the profiles of its parts, in any order. Throws `profiles-differ` with every reason why
 * they are not parts of one table.
 */
export function foldProfiles(parts: readonly DataProfile[]): DataProfile {
  const [first, ...others] = parts;
  if (first === undefined) throw new PulltrainError('profiles-differ', { what: 'there is no profile to fold' });
  refuseStrangers(first, others);
  const labels = new Set(parts.map(({ label }) => label));
  const duplicates = parts.map((part) => part.duplicates);
  const sameRows = parts.every((part) => hashedColumns(part) === hashedColumns(first));
  return {
    kind: 'data-profile',
    version: 1,
    source: others.length === 0 ? first.source : `${first.source} and ${others.length} more`,
    partitions: sum(parts.map(({ partitions }) => partitions)),
    hash: first.hash,
    rows: sum(parts.map(({ rows }) => rows)),
    columns: first.columns.map(({ name }) => foldColumn(parts.map((part) => columnNamed(part, name)))),
    correlations: others.reduce((folded, part) => mergeCoMoments(folded, part.correlations), first.correlations),
    duplicates: duplicates.reduce((left, right) =>
      left === null || right === null || !sameRows ? null : mergeRowSketches(left, right),
    ),
    label: labels.size === 1 ? first.label : null,
  };
}

function refuseStrangers(first: DataProfile, others: readonly DataProfile[]): void {
  const reasons = others.flatMap((other) => {
    const names = other.columns.map(({ name }) => name);
    const missing = first.columns.flatMap(({ name }) => (names.includes(name) ? [] : [name]));
    const added = names.filter((name) => !first.columns.some((column) => column.name === name));
    const turned = first.columns.flatMap((column) => {
      const found = other.columns.find(({ name }) => name === column.name);
      return found === undefined || isNumber(found) === isNumber(column) ? [] : [column.name];
    });
    return [
      ...(other.hash === first.hash ? [] : [`${other.source} was made by another engine`]),
      ...(missing.length === 0 ? [] : [`${other.source} has no ${missing.join(', ')}`]),
      ...(added.length === 0 ? [] : [`${other.source} has ${added.join(', ')} besides`]),
      ...(turned.length === 0 ? [] : [`${turned.join(', ')} of ${other.source} is of another kind`]),
    ];
  });
  if (reasons.length === 0) return;
  throw new PulltrainError('profiles-differ', {
    what: 'these are not profiles of parts of one table',
    where: first.source,
    seen: reasons.join('; '),
    cure: 'Fold profiles of files with the same columns, made with one version of Pulltrain.',
  });
}

/** Times are no numbers here: their sum with one is nothing. */
function isNumber({ kind }: DataColumn): string {
  return kind === 'integer' || kind === 'number' ? 'number' : kind;
}

function columnNamed(part: DataProfile, wanted: string): DataColumn {
  const found = part.columns.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  throw new PulltrainError('profiles-differ', { what: 'a column is missing', where: part.source, seen: wanted });
}

function foldColumn(columns: readonly DataColumn[]): DataColumn {
  const numbers = columns.filter((column): column is NumericColumn => 'quantiles' in column);
  const texts = columns.filter((column): column is TextColumn => 'top' in column);
  const [first, ...others] = columns;
  if (first === undefined) throw new PulltrainError('profiles-differ', { what: 'there is no column to fold' });
  const shared = {
    name: first.name,
    type: [...new Set(columns.map(({ type }) => type))].join(' | '),
    missing: sum(columns.map(({ missing }) => missing)),
    distinct: others.reduce((left, { distinct }) => mergeDistinct(left, distinct), first.distinct),
  };
  return numbers.length > 0 ? foldNumbers(shared, numbers) : foldTexts(shared, texts);
}

type Shared = Pick<DataColumn, 'name' | 'type' | 'missing' | 'distinct'>;

function foldNumbers(shared: Shared, columns: readonly NumericColumn[]): NumericColumn {
  const kinds = new Set(columns.map(({ kind }) => kind));
  const sketches = columns.flatMap(({ kind, quantiles }) => {
    if (quantiles === null) return [];
    return [kinds.size > 1 && kind === 'integer' ? asNumbers(quantiles) : quantiles];
  });
  const [first] = kinds;
  return {
    ...shared,
    kind: kinds.size === 1 && first !== undefined ? first : 'number',
    infinite: sum(columns.map(({ infinite }) => infinite)),
    min: extreme(
      columns.map(({ min }) => min),
      Math.min,
    ),
    max: extreme(
      columns.map(({ max }) => max),
      Math.max,
    ),
    moments: columns.map(({ moments }) => moments).reduce(mergeMoments),
    quantiles: sketches.length === 0 ? null : foldSketches(sketches),
  };
}

function foldTexts(shared: Shared, columns: readonly TextColumn[]): TextColumn {
  return {
    ...shared,
    kind: columns[0]?.kind ?? 'text',
    empty: sum(columns.map(({ empty }) => empty)),
    padded: sum(columns.map(({ padded }) => padded)),
    shortest: extreme(
      columns.map(({ shortest }) => shortest),
      Math.min,
    ),
    longest: extreme(
      columns.map(({ longest }) => longest),
      Math.max,
    ),
    characters: sum(columns.map(({ characters }) => characters)),
    top: columns.map(({ top }) => top).reduce(mergeTopValues),
  };
}

function mergeDistinct(left: DistinctSketch | null, right: DistinctSketch | null): DistinctSketch | null {
  if (left === null || right === null || left.of !== right.of) return null;
  return { of: left.of, registers: mergeRegisters(left.registers, right.registers) };
}

function hashedColumns({ columns }: DataProfile): string {
  return JSON.stringify(columns.map(({ name, distinct }) => [name, distinct?.of ?? null]).sort());
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function extreme(values: readonly (number | null)[], pick: (left: number, right: number) => number): number | null {
  return values.reduce((left, right) => (left === null || right === null ? (left ?? right) : pick(left, right)));
}
