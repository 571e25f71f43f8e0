import type { FeatureStatus, OnlineFeatures, ServedService } from '../contracts/feature-served.ts';
import { PulltrainError } from '../errors.ts';
import type { OnlineStore, OnlineValue } from '../ports/online-store.ts';
import { entityKey } from './entity-key.ts';
import { formatMoment } from './moments.ts';
import { spaceOf } from './served-documents.ts';

/** Values of the entities by column, one per row. */
export type EntityColumns = Readonly<Record<string, readonly unknown[]>>;

/** One column of the answer. `events` are microseconds since 1970; null where nothing was found. */
export type OnlineColumn = {
  name: string;
  values: OnlineValue[];
  statuses: FeatureStatus[];
  events: (number | null)[];
};

/** Join-key columns that a service asks for. */
export function entityColumns({ items }: Pick<ServedService, 'items'>): string[] {
  return [...new Set(items.flatMap(({ keys }) => keys.map(({ column }) => column)))];
}

/**
 * The newest features of every entity row. A value older than its ttl at `time` (microseconds) is as absent as in a join:
 * null, and its status says why. Throws `request-invalid` with every entity column that is absent, of another length or of
 * another type.
 */
export async function lookUpFeatures(
  service: Pick<ServedService, 'items'>,
  entities: EntityColumns,
  time: number,
  online: Pick<OnlineStore, 'read'>,
): Promise<OnlineColumn[]> {
  requireEntities(service, entities);
  const rows = Math.max(0, ...entityColumns(service).map((column) => entities[column]?.length ?? 0));
  const columns: OnlineColumn[] = [];
  for (const { definition, ttl, keys, features } of service.items) {
    const names = Array.from({ length: rows }, (_, row) => entityKey(keys, keyAt(keys, entities, row)) ?? null);
    const wanted = [...new Set(names.filter((name) => name !== null))];
    const found = await online.read(spaceOf(definition), wanted);
    const records = new Map(wanted.map((name, index) => [name, found[index] ?? null]));
    for (const { name, as } of features) {
      const column: OnlineColumn = { name: as, values: [], statuses: [], events: [] };
      for (const key of names) {
        const record = key === null ? null : (records.get(key) ?? null);
        const value = record?.values[name] ?? null;
        const expired = record !== null && ttl !== null && record.event < time - ttl * 1_000_000;
        column.values.push(expired ? null : value);
        column.statuses.push(statusOf(record !== null, expired, value));
        column.events.push(record?.event ?? null);
      }
      columns.push(column);
    }
  }
  return columns;
}

/** The answer of `POST /get-online-features`: the entities themselves first, then the features, column by column. */
export async function getOnlineFeatures(
  service: Pick<ServedService, 'items'>,
  entities: EntityColumns,
  time: number,
  online: Pick<OnlineStore, 'read'>,
): Promise<OnlineFeatures> {
  const features = await lookUpFeatures(service, entities, time, online);
  const keys = entityColumns(service).map((name): OnlineColumn => {
    const values = (entities[name] ?? []).map(plainKey);
    return {
      name,
      values,
      statuses: values.map((value) => (value === null ? 'NULL_VALUE' : 'PRESENT')),
      events: values.map(() => null),
    };
  });
  const columns = [...keys, ...features];
  return {
    metadata: { feature_names: columns.map(({ name }) => name) },
    results: columns.map(({ values, statuses, events }) => ({
      values,
      statuses,
      event_timestamps: events.map((event) => formatMoment(event ?? 0)),
    })),
  };
}

function statusOf(found: boolean, expired: boolean, value: OnlineValue): FeatureStatus {
  if (!found) return 'NOT_FOUND';
  if (expired) return 'OUTSIDE_MAX_AGE';
  return value === null ? 'NULL_VALUE' : 'PRESENT';
}

type Keys = ServedService['items'][number]['keys'];

function keyAt(keys: Keys, entities: EntityColumns, row: number) {
  return ({ name }: { name: string }) => {
    const column = keys.find((key) => key.name === name)?.column ?? name;
    return entities[column]?.[row] ?? null;
  };
}

function requireEntities(service: Pick<ServedService, 'items'>, entities: EntityColumns): void {
  const needed = entityColumns(service);
  const faults = needed
    .filter((column) => entities[column] === undefined)
    .map((column) => `entity ${column} is missing`);
  const lengths = new Set(
    needed.flatMap((column) => (entities[column] === undefined ? [] : [entities[column].length])),
  );
  if (lengths.size > 1) faults.push('the entities have different numbers of rows');
  for (const { keys } of service.items) {
    for (const key of keys) {
      const bad = (entities[key.column] ?? []).find((value) => entityKey([key], () => value ?? null) === undefined);
      if (bad !== undefined)
        faults.push(`entity ${key.column} is ${key.type}, got ${JSON.stringify(bad)?.slice(0, 80)}`);
    }
  }
  if (faults.length === 0) return;
  throw new PulltrainError('request-invalid', {
    what: [...new Set(faults)].join('; '),
    allowed: needed.join(', '),
  });
}

function plainKey(value: unknown): OnlineValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
