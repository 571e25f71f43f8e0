import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { sortOrder } from '../statistics/sort-order.ts';
import type { SortedScores } from './area-facts.ts';
import type { GroupFacts } from './group-facts.ts';
import { type CodedColumn, rowsTable } from './load-fairness-rows.ts';
import type { Grouping } from './mean-facts.ts';
import type { AttributeFacts } from './measure-attribute.ts';
import { nameGroup } from './name-group.ts';
import { regressionFacts } from './regression-facts.ts';
import { type ScoredGroup, scoreFacts } from './score-facts.ts';

/** Some of the rows, and what is asked of them. `label`, `head` and `base` are SQL over the table of rows. */
export type View = {
  where: string;
  kind: 'decisions' | 'quantities';
  label: string;
  head: string;
  base: string | null;
  scores: { base: boolean; probabilities: boolean } | null;
};

/** Columns that make an attribute, all of them coded. */
export type Attribute = { by: string; columns: readonly CodedColumn[] };

/**
 * Facts of all rows of a view together and of every group of every attribute. Decisions are counted by the table engine, so
 * only groups come back; scores and quantities come back row by row, are sorted once and used for every attribute. Throws
 * `fairness-too-many-groups`.
 */
export async function readFacts(
  view: View,
  attributes: readonly Attribute[],
  tables: Tables,
): Promise<{ overall: GroupFacts; attributes: AttributeFacts[] }> {
  const rows = await readRows(view, attributes, tables);
  const [overall] = (await readAttribute(view, { by: '', columns: [] }, rows, tables)).groups;
  const found: AttributeFacts[] = [];
  for (const attribute of attributes) found.push(await readAttribute(view, attribute, rows, tables));
  return { overall: overall ?? emptyFacts, attributes: found };
}

const emptyFacts: GroupFacts = {
  group: '',
  values: [],
  n: 0,
  leftOut: 0,
  cells: null,
  normals: [],
  calibration: null,
};

/** Values of several columns together that are still groups. */
const MOST_GROUPS = 5000;

type Counted = { codes: number[]; n: number; leftOut: number; cells: Float64Array };

async function readAttribute(
  view: View,
  { by, columns }: Attribute,
  rows: Rows | null,
  tables: Tables,
): Promise<AttributeFacts> {
  const counted = await countCells(view, columns, tables);
  if (counted.length > MOST_GROUPS) {
    throw new PulltrainError('fairness-too-many-groups', {
      what: 'these columns together make too many groups',
      where: by,
      seen: `${counted.length} groups`,
      allowed: `${MOST_GROUPS} at most`,
      cure: 'Cut values into fewer bands in columns of their own.',
    });
  }
  const scored = rows === null ? null : rows.facts(groupingOf(rows, columns, counted));
  return {
    by,
    columns: columns.map(({ name }) => name),
    groups: counted.map(({ codes, n, leftOut, cells }, at): GroupFacts => {
      const values = columns.map((column, place) => column.values[codes[place] ?? -1] ?? null);
      return {
        group: nameGroup(values),
        values,
        n,
        leftOut,
        cells: view.kind === 'decisions' ? cells : null,
        normals: scored?.[at]?.normals ?? [],
        calibration: scored?.[at]?.calibration ?? null,
      };
    }),
  };
}

/** Rows of every group that occurs by label and decisions, in the order of its values. */
async function countCells(view: View, columns: readonly CodedColumn[], tables: Tables): Promise<Counted[]> {
  const codes = columns.map(({ code }) => code);
  const cell = view.kind === 'decisions' ? `4 * (${view.label}) + 2 * (${view.base ?? '0'}) + (${view.head})` : '0';
  const keys = [...codes, 'cell'].join(', ');
  const found = await tables.query(
    `SELECT ${keys}, count(*) AS n FROM (SELECT ${[...codes, `CASE WHEN why = 0 THEN ${cell} END AS cell`].join(', ')} FROM ${rowsTable} WHERE ${view.where}) GROUP BY ${keys} ORDER BY ${keys}`,
  );
  const groups = new Map<string, Counted>();
  for (const row of found) {
    const own = codes.map((code) => Number(row[code]));
    const key = own.join(' ');
    const group = groups.get(key) ?? { codes: own, n: 0, leftOut: 0, cells: new Float64Array(8) };
    groups.set(key, group);
    const n = Number(row.n);
    if (row.cell === null || row.cell === undefined) group.leftOut += n;
    else {
      group.n += n;
      group.cells[Number(row.cell)] = n;
    }
  }
  return [...groups.values()];
}

/** What came back row by row: codes of every column, and facts of any grouping. */
type Rows = { codes: Record<string, Float64Array>; length: number; facts(grouping: Grouping): ScoredGroup[] };

async function readRows(view: View, attributes: readonly Attribute[], tables: Tables): Promise<Rows | null> {
  if (view.kind === 'decisions' && view.scores === null) return null;
  const names = [...new Set(attributes.flatMap(({ columns }) => columns.map(({ code }) => code)))];
  const quantities = view.kind === 'quantities';
  const hasBase = quantities ? view.base !== null : (view.scores?.base ?? false);
  const base = hasBase ? [`${quantities ? (view.base ?? 'NULL') : 'base_score'} AS other`] : [];
  const list = [`${view.label} AS truth`, `${quantities ? view.head : 'score'} AS own`, ...base, ...names];
  const columns = await tables.columns(`SELECT ${list.join(', ')} FROM ${rowsTable} WHERE why = 0 AND ${view.where}`, [
    'truth',
    'own',
    ...(hasBase ? ['other'] : []),
    ...names,
  ]);
  const { truth = new Float64Array(), own = new Float64Array(), other, ...codes } = columns;
  if (quantities) {
    const facts = (grouping: Grouping) =>
      regressionFacts(truth, own, other ?? null, grouping).map((normals) => ({ normals, calibration: null }));
    return { codes, length: truth.length, facts };
  }
  const head = sorted(own);
  const before = other === undefined ? null : sorted(other);
  const probabilities = view.scores?.probabilities ?? false;
  return {
    codes,
    length: truth.length,
    facts: (grouping) => scoreFacts(truth, head, before, { probabilities, losses: true }, grouping),
  };
}

function sorted(scores: Float64Array): SortedScores {
  return { scores, order: sortOrder(scores) };
}

/** The number of each row's group in the order in which the groups were counted. */
function groupingOf(rows: Rows, columns: readonly CodedColumn[], counted: readonly Counted[]): Grouping {
  const place = new Map<number, number>();
  const sizes = columns.map(({ values }) => values.length + 1);
  const keyOf = (codes: readonly number[]) => codes.reduce((key, code, at) => key * (sizes[at] ?? 1) + code, 0);
  counted.forEach(({ codes }, at) => {
    place.set(keyOf(codes), at);
  });
  const codes = new Float64Array(rows.length);
  const own = columns.map(({ code }) => rows.codes[code] ?? new Float64Array(rows.length));
  for (let row = 0; row < rows.length; row += 1) {
    let key = 0;
    for (let at = 0; at < own.length; at += 1) key = key * (sizes[at] ?? 1) + (own[at]?.[row] ?? 0);
    codes[row] = place.get(key) ?? 0;
  }
  return { codes, groups: counted.length };
}
