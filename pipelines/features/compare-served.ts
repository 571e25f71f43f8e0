import { z } from 'zod';
import type { FeatureSkew } from '../contracts/feature-skew.ts';
import { PulltrainError } from '../errors.ts';
import type { Cell, Tables } from '../ports/tables.ts';
import { type BuildPorts, buildView } from './build-view.ts';
import type { Definitions, FeatureService } from './definitions.ts';
import { type IdentifiedViews, identifyService, requirePins } from './identify-views.ts';
import type { JoinPart } from './join-sql.ts';
import {
  compareServedSql,
  loadServedSql,
  type ServedFeature,
  type ServedRows,
  servedMatchSql,
  unequalServedSql,
} from './skew-sql.ts';

export type SkewRequest = {
  service: FeatureService;
  rows: ServedRows;
  /** What messages call the rows. */
  named: string;
  tolerance: number;
  minEqual: number;
};

const countsSchema = z.tuple([
  z.object({
    compared: z.number(),
    equal: z.number(),
    missing_served: z.number(),
    missing_joined: z.number(),
    different: z.number(),
    largest: z.number().nullable(),
  }),
]);
/** Examples of one feature. */
const examplesEach = 5;

/**
 * Replays what was served: the same entities at the same times through the point-in-time join that training uses, value by
 * value. `pass` when every feature is equal in at least `minEqual` of its rows. Throws `table-unreadable`, `nothing-served`
 * and what `buildView` throws.
 */
export async function compareServed(
  { service, rows, named, tolerance, minEqual }: SkewRequest,
  subject: { definitions: Definitions; identified: IdentifiedViews },
  ports: BuildPorts & { tables: Tables },
): Promise<FeatureSkew> {
  const { tables } = ports;
  requirePins(service, subject.identified);
  const parts: JoinPart[] = [];
  for (const item of service.items) {
    const view = subject.definitions.views.get(item.view);
    if (view === undefined) throw new TypeError(`view ${item.view} is not defined`);
    parts.push({ view, item, file: (await buildView(item.view, subject, ports)).file });
  }
  const keys = unique(parts.flatMap(({ item }) => item.keys.map(({ column, type }) => ({ name: column, type }))));
  const features = parts.flatMap(({ item }) => item.features.map(({ as, type }) => ({ name: as, type })));
  try {
    await tables.query(loadServedSql(rows, keys, features));
    for (const statement of servedMatchSql(keys, parts)) await tables.query(statement);
  } catch (cause) {
    throw new PulltrainError('table-unreadable', {
      what: 'what was served cannot be read',
      where: named,
      allowed: `columns ${[...keys, ...features].map(({ name }) => name).join(', ')}`,
      cause,
    });
  }
  const found: FeatureSkew['features'] = [];
  const examples: FeatureSkew['examples'] = [];
  for (const [part, { item }] of parts.entries()) {
    for (const { as, type } of item.features) {
      const feature = { name: as, type };
      const [counts] = countsSchema.parse(await tables.query(compareServedSql(part, feature, tolerance)));
      const { missing_served: missingServed, missing_joined: missingJoined, ...rest } = counts;
      found.push({ feature: as, view: item.view, missingServed, missingJoined, ...rest });
      const names = item.keys.map(({ column }) => column);
      const options = { tolerance, keys: names, limit: examplesEach };
      const unequal = await tables.query(unequalServedSql(part, feature, options));
      for (const row of unequal) {
        const of = Object.fromEntries(names.map((name): [string, Cell] => [name, row[`key ${name}`] ?? null]));
        examples.push({
          feature: as,
          time: String(row.time),
          keys: of,
          served: plain(row.served),
          joined: plain(row.joined),
        });
      }
    }
  }
  const compared = found.reduce((sum, one) => sum + one.compared, 0);
  if (compared === 0) {
    throw new PulltrainError('nothing-served', {
      what: 'no served value of these features was found',
      where: named,
      allowed: features.map(({ name }) => name).join(', '),
      cure: 'Log them with serve.log, or let serve.features fill them.',
    });
  }
  const [{ rows: count }] = z
    .tuple([z.object({ rows: z.number() })])
    .parse(await tables.query('SELECT count(*) AS rows FROM served'));
  return {
    kind: 'feature-skew',
    version: 1,
    service: service.name,
    definition: identifyService(service, subject.identified),
    status: found.every((one) => one.compared === 0 || one.equal / one.compared >= minEqual) ? 'pass' : 'fail',
    rows: count,
    tolerance,
    minEqual,
    features: found.sort((left, right) => shareOf(left) - shareOf(right)),
    examples,
  };
}

function shareOf({ equal, compared }: { equal: number; compared: number }): number {
  return compared === 0 ? 1 : equal / compared;
}

function unique(columns: readonly ServedFeature[]): ServedFeature[] {
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

/** A number that JSON cannot hold is told as text. */
function plain(value: Cell | undefined): Cell {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : (value ?? null);
}
