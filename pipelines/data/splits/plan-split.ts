import { durationSeconds } from '../../config/duration-seconds.ts';
import type { SplitRule } from '../../contracts/split-rule.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import type { ReadableTable } from '../read-table.ts';
import { hashLimit, rowHash } from './row-hash.ts';

/** More labels than these are no classes. */
const mostStrata = 1000;

export type SplitPlan = {
  /** SQL of the number of the part that a row belongs to, from 0; -1 within a gap, NULL without group or time. */
  part: string;
  method: string;
  cuts: string[] | null;
};

/** How each row finds its part: a rule on the row alone, so that parts can be cut out of core and in any order. */
export async function planSplit(tables: Tables, rule: SplitRule, table: ReadableTable): Promise<SplitPlan> {
  const shares = Object.values(rule.parts);
  const cumulative = shares.map((_, index) => shares.slice(0, index + 1).reduce((sum, share) => sum + share, 0));
  const inner = cumulative.slice(0, -1);
  if (rule.by === 'time') return byTime(tables, rule, inner, table);
  if (rule.by === 'stratified') return byStratum(tables, rule, inner, table);
  const columns = rule.by === 'group' ? (rule.group ?? []) : keyOf(rule, table);
  const hash = rowHash(columns, rule.seed);
  const cases = inner.map((share, index) => `WHEN ${hash} < ${hashLimit(share)} THEN ${index}`);
  const chosen = `CASE ${cases.join(' ')} ELSE ${inner.length} END`;
  if (rule.by === 'random') {
    return {
      part: chosen,
      cuts: null,
      method: `A row's part follows from the md5 of the seed and ${describeKey(rule)}: rows added later move no other, and shares are met up to chance.`,
    };
  }
  const there = columns.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  return {
    part: `CASE WHEN ${there} THEN ${chosen} END`,
    cuts: null,
    method: `A row's part follows from the md5 of the seed and ${columns.join(', ')}: rows of one entity stay together, and shares are those of entities, up to chance.`,
  };
}

function keyOf({ key }: SplitRule, { columns }: ReadableTable): readonly string[] {
  return key ?? columns.map(({ name }) => name);
}

function describeKey({ key }: SplitRule): string {
  return key === undefined ? 'the whole row, so that equal rows stay together' : key.join(', ');
}

/** Within every stratum the rows of the smallest hashes are the first part, and so on; shares are met to the row. */
async function byStratum(
  tables: Tables,
  rule: SplitRule,
  inner: readonly number[],
  table: ReadableTable,
): Promise<SplitPlan> {
  const label = `coalesce(CAST(${quoteName(rule.label ?? '')} AS VARCHAR), '')`;
  const hash = rowHash(keyOf(rule, table), rule.seed);
  const limits = await tables.query(
    `SELECT label, ${inner.map((share, index) => `CAST(quantile_disc(hash, ${share}) AS VARCHAR) AS q${index}`).join(', ')}
FROM (SELECT ${label} AS label, ${hash} AS hash FROM ${table.from}) GROUP BY label ORDER BY label LIMIT ${mostStrata + 1}`,
  );
  if (limits.length > mostStrata) {
    throw new PulltrainError('split-too-many-strata', {
      what: 'the label has too many values to keep the share of each',
      where: rule.label ?? '',
      allowed: `${mostStrata} at most`,
      cure: 'Split by random, or stratify by a coarser column.',
    });
  }
  const list = (index: number) =>
    limits.map((row) => `${quoteText(String(row.label))}: ${row[`q${index}`]}::UBIGINT`).join(', ');
  const cases = inner.map(
    (_, index) => `WHEN ${hash} <= map_extract_value(MAP {${list(index)}}, ${label}) THEN ${index}`,
  );
  return {
    part: `CASE ${cases.join(' ')} ELSE ${inner.length} END`,
    cuts: null,
    method: `Within each value of ${rule.label} rows are ordered by the md5 of the seed and ${describeKey(rule)} and cut at the shares: these are met to the row, and rows added later may move a few near a cut.`,
  };
}

async function byTime(
  tables: Tables,
  rule: SplitRule,
  inner: readonly number[],
  table: ReadableTable,
): Promise<SplitPlan> {
  const time = timeOf(rule.time ?? '');
  const cuts = rule.cuts ?? (await cutsByShare(tables, time, inner, table, rule.time ?? ''));
  const at = cuts.map((cut) => `CAST(${quoteText(cut)} AS TIMESTAMP)`);
  const seconds = rule.gap === undefined ? 0 : durationSeconds(rule.gap);
  const cases = at.flatMap((cut, index) => [
    ...(seconds === 0 ? [] : [`WHEN ${time} >= ${cut} - to_seconds(${seconds}) AND ${time} < ${cut} THEN -1`]),
    `WHEN ${time} < ${cut} THEN ${index}`,
  ]);
  const gap = rule.gap === undefined ? '' : `; rows of the ${rule.gap} before a cut belong to no part`;
  return {
    part: `CASE WHEN ${time} IS NULL THEN NULL ${cases.join(' ')} ELSE ${at.length} END`,
    cuts: [...cuts],
    method: `Rows are divided by ${rule.time} at ${cuts.join(', ')}, each cut beginning a part; rows of one instant stay together${gap}.`,
  };
}

/** SQL of a time column as a timestamp; NULL where it holds no time. */
export function timeOf(name: string): string {
  return `TRY_CAST(CAST(${quoteName(name)} AS VARCHAR) AS TIMESTAMP)`;
}

async function cutsByShare(
  tables: Tables,
  time: string,
  inner: readonly number[],
  { from }: ReadableTable,
  name: string,
): Promise<string[]> {
  const ends = inner.map((share, index) => `quantile_disc(time, ${share}) AS q${index}`);
  const cuts = inner.map((_, index) => `CAST(min(time) FILTER (WHERE time > q${index}) AS VARCHAR) AS c${index}`);
  const [row] = await tables.query(
    `WITH times AS (SELECT ${time} AS time FROM ${from}), ends AS (SELECT ${ends.join(', ')} FROM times)
SELECT ${cuts.join(', ')} FROM times, ends`,
  );
  const found = inner.map((_, index) => row?.[`c${index}`] ?? null);
  if (found.every((cut) => cut !== null) && new Set(found).size === found.length) return found.map(String);
  throw new PulltrainError('split-part-empty', {
    what: 'too few different times to make these parts',
    where: name,
    cure: 'Name the cuts, or make fewer parts.',
  });
}
