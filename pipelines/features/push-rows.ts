import { z } from 'zod';
import type { ServedView } from '../contracts/feature-served.ts';
import { PulltrainError } from '../errors.ts';
import type { OnlineRow, OnlineStore } from '../ports/online-store.ts';
import { entityKey } from './entity-key.ts';
import { parseMoment } from './moments.ts';
import { fromJson } from './online-values.ts';
import { spaceOf } from './served-documents.ts';

/** Faults that are told; a wrong file has the same one in every line. */
const mostFaults = 20;
const batch = 5000;
const rowSchema = z.record(z.string(), z.unknown());

/**
 * Writes rows of a stream, one JSON object per line, to the online store: the row with the latest event time wins, then the
 * latest created time. Nothing is written before every line was understood. Throws `rows-invalid` with line and column of
 * every fault.
 */
export async function pushRows(
  view: ServedView,
  lines: readonly string[],
  online: Pick<OnlineStore, 'write'>,
): Promise<{ rows: number; written: number }> {
  const faults: string[] = [];
  const rows: OnlineRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = readRow(view, line, (message) => {
      if (faults.length <= mostFaults) faults.push(`line ${index + 1}: ${message}`);
    });
    if (row !== null) rows.push(row);
    if (faults.length > mostFaults) break;
  }
  if (faults.length > 0) {
    const more = faults.length > mostFaults ? '; and more' : '';
    throw new PulltrainError('rows-invalid', {
      what: `not rows of view ${view.name}: ${faults.slice(0, mostFaults).join('; ')}${more}`,
      allowed: [
        ...view.keys,
        { name: view.time, type: 'timestamp' },
        ...(view.created === null ? [] : [{ name: view.created, type: 'timestamp' }]),
        ...view.features,
      ]
        .map(({ name, type }) => `${name} (${type})`)
        .join(', '),
      cure: 'Nothing was written. Correct the rows and push them all again; what is known already stays.',
    });
  }
  let written = 0;
  for (let start = 0; start < rows.length; start += batch) {
    written += (await online.write(spaceOf(view.definition), rows.slice(start, start + batch))).written;
  }
  return { rows: rows.length, written };
}

function readRow(view: ServedView, line: string, report: (message: string) => void): OnlineRow | null {
  const parsed = rowSchema.safeParse(readJson(line));
  if (!parsed.success) {
    report('is not a JSON object');
    return null;
  }
  const row = parsed.data;
  let sound = true;
  const refuse = (message: string) => {
    report(message);
    sound = false;
  };
  const known = new Set([
    ...view.keys.map(({ name }) => name),
    view.time,
    view.created,
    ...view.features.map(({ name }) => name),
  ]);
  const strangers = Object.keys(row).filter((name) => !known.has(name));
  if (strangers.length > 0) refuse(`has unknown columns ${strangers.slice(0, 5).join(', ')}`);
  const key = entityKey(view.keys, ({ name }) => row[name] ?? null);
  if (key === null || key === undefined) refuse(`a join key is missing or not of its type`);
  const moment = (name: string) => {
    const value = row[name];
    const at = typeof value === 'string' ? parseMoment(value) : null;
    if (at === null) refuse(`${name} is no time, got ${JSON.stringify(value) ?? 'nothing'}`);
    return at ?? 0;
  };
  const event = moment(view.time);
  const created = view.created === null ? null : moment(view.created);
  const values: Record<string, OnlineRow['values'][string]> = {};
  for (const { name, type } of view.features) {
    const given = row[name];
    const value = given === undefined ? undefined : fromJson(given, type);
    if (given === undefined) refuse(`${name} is missing (null is a value)`);
    else if (value === undefined) refuse(`${name} is ${type}, got ${JSON.stringify(given).slice(0, 80)}`);
    else values[name] = value;
  }
  return sound && typeof key === 'string' ? { key, event, created, values } : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
