import { z } from 'zod';
import type { SplitReport } from '../../contracts/split-report.ts';
import type { SplitRule } from '../../contracts/split-rule.ts';
import { PulltrainError } from '../../errors.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import type { ReadableTable } from '../read-table.ts';
import { spareName } from '../spare-name.ts';
import { type SplitPlan, timeOf } from './plan-split.ts';

/** More labels than these are not listed. */
const mostLabels = 50;

const partsSchema = z.array(
  z.object({
    part: z.number().nullable(),
    rows: z.number(),
    first: z.string().nullable(),
    last: z.string().nullable(),
    groups: z.number().nullable(),
  }),
);
const labelsSchema = z.array(z.object({ part: z.number().nullable(), label: z.string().nullable(), rows: z.number() }));

/** The table with the number of each row's part, and the name of that column. */
type Assigned = { assigned: string; part: string };

type Described = Pick<SplitReport, 'rows' | 'dropped' | 'groupsOnBothSides'> & {
  parts: Omit<SplitReport['parts'][number], 'file' | 'integrity'>[];
};

/**
 * What is in each part, counted after the division. Throws `split-part-empty`, and `split-value-missing` for rows without
 * group or time unless the rule drops them.
 */
export async function describeParts(
  tables: Tables,
  rule: SplitRule,
  plan: SplitPlan,
  { from, columns }: ReadableTable,
): Promise<Described> {
  const part = spareName(
    columns.map(({ name }) => name),
    'part',
  );
  const time = rule.time === undefined ? 'NULL' : timeOf(rule.time);
  const key = rule.by === 'group' ? `(${(rule.group ?? []).map(quoteName).join(', ')})` : 'NULL';
  const groups = rule.by === 'group' ? `count(DISTINCT ${key})` : 'NULL';
  const assigned = `(SELECT *, ${plan.part} AS ${part} FROM ${from})`;
  const counted = partsSchema.parse(
    await tables.query(
      `SELECT ${part} AS part, count(*) AS rows, CAST(min(${time}) AS VARCHAR) AS first, CAST(max(${time}) AS VARCHAR) AS last,
CAST(${groups} AS BIGINT) AS groups FROM ${assigned} GROUP BY ${part} ORDER BY part`,
    ),
  );
  const rowsOf = (part: number | null) => counted.find((one) => one.part === part)?.rows ?? 0;
  const missing = rowsOf(null);
  if (missing > 0 && rule.missing === 'refuse') {
    throw new PulltrainError('split-value-missing', {
      what: `rows have no ${rule.by}`,
      where: (rule.by === 'group' ? (rule.group ?? []) : [rule.time ?? '']).join(', '),
      seen: `${missing} rows`,
      cure: 'Fill them in before, or drop them with missing: drop.',
    });
  }
  const names = Object.keys(rule.parts);
  const empty = names.filter((_, index) => rowsOf(index) === 0);
  if (empty.length > 0) {
    throw new PulltrainError('split-part-empty', {
      what: `no row falls into ${empty.join(', ')}`,
      seen: names.map((name, index) => `${name} ${rowsOf(index)}`).join(', '),
      cure: 'Choose other shares, cuts or another seed; a part of an earlier split needs another seed than that one had.',
    });
  }
  const kept = names.reduce((sum, _, index) => sum + rowsOf(index), 0);
  const labels = await countLabels(tables, rule, { assigned, part });
  return {
    rows: counted.reduce((sum, { rows }) => sum + rows, 0),
    dropped: { missing, gap: rowsOf(-1) },
    groupsOnBothSides: rule.by === 'group' ? await countShared(tables, key, { assigned, part }) : null,
    parts: names.map((name, index) => {
      const one = counted.find(({ part }) => part === index);
      return {
        name,
        rows: rowsOf(index),
        share: rowsOf(index) / kept,
        labels: labels?.filter(({ part }) => part === index).map(({ label, rows }) => ({ label, rows })) ?? null,
        time: one === undefined || one.first === null || one.last === null ? null : { from: one.first, to: one.last },
        groups: one?.groups ?? null,
      };
    }),
  };
}

async function countLabels(tables: Tables, { label }: SplitRule, { assigned, part }: Assigned) {
  if (label === undefined) return null;
  const found = labelsSchema.parse(
    await tables.query(
      `SELECT ${part} AS part, CAST(${quoteName(label)} AS VARCHAR) AS label, count(*) AS rows FROM ${assigned}
GROUP BY ALL ORDER BY label, part LIMIT 5000`,
    ),
  );
  return new Set(found.map((one) => one.label)).size > mostLabels ? null : found;
}

async function countShared(tables: Tables, key: string, { assigned, part }: Assigned): Promise<number> {
  const [row] = await tables.query(
    `SELECT count(*) AS shared FROM (SELECT ${key} AS key FROM ${assigned} WHERE ${part} >= 0 GROUP BY ALL HAVING min(${part}) <> max(${part}))`,
  );
  return Number(row?.shared ?? 0);
}
