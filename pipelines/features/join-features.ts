import { z } from 'zod';
import { nearestName } from '../config/nearest-name.ts';
import type { FeatureJoin } from '../contracts/feature-join.ts';
import { tableSource } from '../data/table-source.ts';
import { PulltrainError } from '../errors.ts';
import type { Tables } from '../ports/tables.ts';
import { type BuildPorts, buildView } from './build-view.ts';
import type { Definitions, FeatureService } from './definitions.ts';
import { fitsType, isTimeType } from './feature-types.ts';
import { type IdentifiedViews, identifyService, requirePins } from './identify-views.ts';
import { countMatchesSql, type JoinPart, type JoinSubject, matchSql, writeJoinSql } from './join-sql.ts';

export type JoinRequest = {
  service: FeatureService;
  /** Table of this machine with the rows, and what messages call it. */
  rows: { file: string; named: string };
  /** Column of the rows with the moment at which each is asked. */
  time: string;
  /** File to write, and what it will be called: its ending tells the format. */
  out: { file: string; named: string };
};

const describedSchema = z.array(z.object({ column_name: z.string(), column_type: z.string() }));
const countsSchema = z.array(z.object({ rows: z.number(), found: z.number(), expired: z.number() }));

/**
 * Puts the features of a service behind every row, as they were known at the time of the row: event time and created time
 * not after it, event time not older than the ttl, the latest event and then the latest created time. Rows keep their
 * number, order and columns. Throws `column-missing`, `column-taken`, `table-unreadable` and what `buildView` throws.
 */
export async function joinFeatures(
  request: JoinRequest,
  subject: { definitions: Definitions; identified: IdentifiedViews },
  ports: BuildPorts & { tables: Tables },
): Promise<FeatureJoin> {
  const { service, rows, time, out } = request;
  requirePins(service, subject.identified);
  const parts: (JoinPart & { version: string })[] = [];
  for (const item of service.items) {
    const view = subject.definitions.views.get(item.view);
    if (view === undefined) throw new TypeError(`view ${item.view} is not defined`);
    const { file, version } = await buildView(item.view, subject, ports);
    parts.push({ view, item, file, version });
  }
  const { tables } = ports;
  const relation = tableSource(rows.file);
  const columns = await describeRows(tables, relation, rows.named);
  requireRows(columns, { time, named: rows.named, parts });
  const join: JoinSubject = { rows: relation, columns, time, parts };
  ports.progress(`Joining ${service.name} to ${rows.named}`);
  for (const statement of matchSql(join)) await asUnreadable(rows.named, () => tables.query(statement));
  await asUnreadable(rows.named, () => tables.query(writeJoinSql(join, out.file, out.named)));
  const counts = countsSchema.parse(await tables.query(countMatchesSql(parts)));
  return {
    kind: 'feature-join',
    version: 1,
    service: service.name,
    definition: identifyService(service, subject.identified),
    rows: counts[0]?.rows ?? 0,
    parts: parts.map(({ item, version }, index) => ({
      view: item.view,
      definition: subject.identified.get(item.view)?.definition ?? '',
      version,
      features: item.features.map(({ as }) => as),
      found: counts[index]?.found ?? 0,
      expired: counts[index]?.expired ?? 0,
    })),
  };
}

async function describeRows(tables: Tables, relation: string, named: string): Promise<Map<string, string>> {
  const described = await asUnreadable(named, () => tables.query(`DESCRIBE SELECT * FROM ${relation}`));
  return new Map(describedSchema.parse(described).map(({ column_name: name, column_type: type }) => [name, type]));
}

/** Everything that the rows lack, or have too much, at once. */
function requireRows(
  columns: ReadonlyMap<string, string>,
  { time, named, parts }: { time: string; named: string; parts: readonly JoinPart[] },
): void {
  const faults = new Set<string>();
  const names = [...columns.keys()];
  const absent = (name: string, what: string) => {
    const meant = nearestName(name, names);
    faults.add(`there is no ${what} "${name}"${meant === undefined ? '' : ` (did you mean "${meant}"?)`}`);
  };
  const timeType = columns.get(time);
  if (timeType === undefined) absent(time, 'time column');
  else if (!isTimeType(timeType) && timeType !== 'VARCHAR') faults.add(`the time column "${time}" is ${timeType}`);
  const taken = new Set<string>();
  for (const { item } of parts) {
    for (const { name, column, type } of item.keys) {
      const seen = columns.get(column);
      if (seen === undefined) absent(column, `column for the join key ${name}`);
      else if (!fitsType(seen, type) && !(type === 'int' && ['DOUBLE', 'FLOAT'].includes(seen))) {
        faults.add(`"${column}" is ${seen}, and the join key ${name} is ${type}`);
      }
    }
    for (const { as } of item.features) if (columns.has(as)) taken.add(as);
  }
  if (faults.size > 0) {
    throw new PulltrainError('column-missing', {
      what: `the rows do not fit the features: ${[...faults].join('; ')}`,
      where: named,
      seen: [...columns].map(([name, type]) => `${name} ${type}`).join(', '),
    });
  }
  if (taken.size === 0) return;
  throw new PulltrainError('column-taken', {
    what: `the rows have columns of these names already: ${[...taken].join(', ')}`,
    where: named,
    cure: 'Leave them out of the rows, or rename the features with "as" in the service.',
  });
}

async function asUnreadable<Answer>(where: string, query: () => Promise<Answer>): Promise<Answer> {
  try {
    return await query();
  } catch (cause) {
    throw new PulltrainError('table-unreadable', { what: 'the features cannot be joined to this table', where, cause });
  }
}
