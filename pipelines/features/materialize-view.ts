import { z } from 'zod';
import { type Filled, filledSchema } from '../contracts/feature-served.ts';
import type { OnlineRow, OnlineStore } from '../ports/online-store.ts';
import type { Row, Tables } from '../ports/tables.ts';
import { type BuildPorts, buildView } from './build-view.ts';
import type { Definitions, FeatureView } from './definitions.ts';
import type { IdentifiedViews } from './identify-views.ts';
import { formatMoment, parseMoment } from './moments.ts';
import { fromSqlText } from './online-values.ts';
import { spaceOf } from './served-documents.ts';
import { snapshotCountSql, snapshotPageSql, snapshotSql } from './snapshot-sql.ts';

export type MaterializeRequest = {
  view: string;
  /** Microseconds; null goes on where the last filling ended, or begins at the beginning. */
  from: number | null;
  /** Microseconds: nothing that became known later is written. */
  until: number;
};

export type Materialized = {
  view: string;
  definition: string;
  version: string;
  /** Null: everything known by `until` was looked at. */
  from: string | null;
  until: string;
  /** Keys with news. */
  rows: number;
  /** Of them, those that were newer than what the store held. */
  written: number;
};

const pageRows = 20_000;

/**
 * Brings the newest values of a view, as they were known at `until`, into the online store. Going on where the last filling
 * ended is safe for the same table only: another one may hold rows that claim to have been known long ago. Then everything
 * is looked at again, and newest-wins leaves alone what is there already.
 */
export async function materializeView(
  request: MaterializeRequest,
  subject: { definitions: Definitions; identified: IdentifiedViews },
  ports: BuildPorts & { tables: Tables; online: OnlineStore },
): Promise<Materialized> {
  const { tables, online, progress } = ports;
  const view = subject.definitions.views.get(request.view);
  if (view === undefined) throw new TypeError(`view ${request.view} is not defined`);
  const { file, version } = await buildView(request.view, subject, ports);
  const definition = subject.identified.get(request.view)?.definition ?? '';
  const space = spaceOf(definition);
  const before = await readFilled(online, space);
  const from = request.from ?? resumeAt(version, before, request.until);
  await tables.query(snapshotSql(view, file, { from, until: request.until }));
  const [{ rows }] = z.tuple([z.object({ rows: z.number() })]).parse(await tables.query(snapshotCountSql()));
  progress(`Filling ${online.address} with ${rows} rows of ${view.name}`);
  let written = 0;
  for (let start = 0; start < rows; start += pageRows) {
    const page = await tables.query(snapshotPageSql(view, start, start + pageRows));
    written += (
      await online.write(
        space,
        page.map((row) => toOnlineRow(view, row)),
      )
    ).written;
  }
  await remember(online, space, { version, until: request.until, from, before });
  return {
    view: view.name,
    definition,
    version,
    from: from === null ? null : formatMoment(from),
    until: formatMoment(request.until),
    rows,
    written,
  };
}

function resumeAt(version: string, filled: Filled | null, until: number): number | null {
  if (filled === null || filled.builds !== version) return null;
  const done = parseMoment(filled.until);
  return done === null || done > until ? null : done;
}

/** A filling that leaves a gap behind the last one is not remembered: the next one must still close it. */
async function remember(
  online: OnlineStore,
  space: string,
  { version, until, from, before }: { version: string; until: number; from: number | null; before: Filled | null },
): Promise<void> {
  const done = before === null ? null : parseMoment(before.until);
  if (from !== null && (done === null || from > done)) return;
  if (done !== null && until < done) return;
  const filled: Filled = { kind: 'filled', version: 1, builds: version, until: formatMoment(until) };
  await online.put({ [filledName(space)]: JSON.stringify(filled) });
}

async function readFilled(online: OnlineStore, space: string): Promise<Filled | null> {
  const text = await online.get(filledName(space));
  return text === null ? null : filledSchema.parse(JSON.parse(text));
}

function filledName(space: string): string {
  return `filled/${space}`;
}

function toOnlineRow(view: FeatureView, row: Row): OnlineRow {
  const text = (name: string) => {
    const value = row[name] ?? null;
    return value === null ? null : String(value);
  };
  return {
    key: JSON.stringify(view.keys.map((_, index) => text(`k${index}`))),
    event: Number(row.event),
    created: row.created === null || row.created === undefined ? null : Number(row.created),
    values: Object.fromEntries(
      view.features.map(({ name, type }, index) => [name, fromSqlText(text(`f${index}`), type)]),
    ),
  };
}
