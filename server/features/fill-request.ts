import type { ServedService } from '../../pipelines/contracts/feature-served.ts';
import type { Prediction } from '../../pipelines/contracts/prediction.ts';
import { entityColumns, type OnlineColumn } from '../../pipelines/features/get-online-features.ts';
import { formatMoment } from '../../pipelines/features/moments.ts';
import type { OnlineValue } from '../../pipelines/ports/online-store.ts';
import type { HeldVersion } from '../models/hold-version.ts';
import type { Port } from '../models/worker-messages.ts';
import { datatypeOf } from '../protocol/datatypes.ts';
import { decodeTensor } from '../protocol/decode-tensor.ts';
import type { InferRequest, InputTensor } from '../protocol/read-request.ts';
import type { FeatureSource } from './open-feature-source.ts';

/** A request with what it left out, and per row what was looked up; null when nothing had to be. */
export type FilledRequest = { request: InferRequest; online: NonNullable<Prediction['online']>[] | null };

/** The definition that a version was trained on, else the one that the store has now. */
export function serviceOf(held: HeldVersion, name: string, source: FeatureSource): Promise<ServedService> {
  const pin = held.stored.manifest?.features?.find(({ service }) => service === name);
  return source.service(name, pin?.definition);
}

/**
 * Looks up the inputs of a version that the request leaves out and the service knows; what the request says itself is left
 * alone. Throws `request-invalid` when the keys of the entities are missing, and what the store throws.
 */
export async function fillRequest(
  ports: readonly Port[],
  service: ServedService,
  request: InferRequest,
  source: FeatureSource,
): Promise<FilledRequest> {
  const absent = ports.filter(({ name }) => !request.inputs.has(name));
  const items = service.items
    .map((item) => ({ ...item, features: item.features.filter(({ as }) => absent.some(({ name }) => name === as)) }))
    .filter(({ features }) => features.length > 0);
  if (items.length === 0) return { request, online: null };
  const found = await source.lookUp({ items }, readEntities({ items }, request), source.now());
  const inputs = new Map(request.inputs);
  for (const column of found) {
    const port = absent.find(({ name }) => name === column.name);
    const tensor = port === undefined ? null : toTensor(port, column);
    if (tensor !== null) inputs.set(column.name, tensor);
  }
  const online = Array.from({ length: request.rows }, (_, row) => ({
    service: service.name,
    definition: service.definition,
    features: Object.fromEntries(
      found.map(({ name, statuses, events }) => {
        const event = events[row] ?? null;
        return [name, { status: statuses[row] ?? 'NOT_FOUND', event: event === null ? null : formatMoment(event) }];
      }),
    ),
  }));
  return { request: { ...request, inputs }, online };
}

function readEntities(service: Pick<ServedService, 'items'>, request: InferRequest): Record<string, unknown[]> {
  return Object.fromEntries(
    entityColumns(service).flatMap((column) => {
      const tensor = request.inputs.get(column);
      return tensor === undefined || tensor.data.length !== request.rows ? [] : [[column, plainValues(tensor)]];
    }),
  );
}

function plainValues({ data, datatype }: InputTensor): unknown[] {
  return Array.from<string | number | bigint, unknown>(data, (value) => {
    if (typeof value === 'bigint') return value.toString();
    return datatype === 'BOOL' ? value === 1 : value;
  });
}

/** A column in the datatype that the model wants; null for a type that no request can carry either. */
function toTensor({ name, type }: Port, { values }: OnlineColumn): InputTensor | null {
  const datatype = datatypeOf(type);
  if (datatype === undefined) return null;
  const shape = [values.length, 1];
  const fitted = values.map((value) => (datatype === 'BYTES' ? toText(value) : toNumber(value)));
  return { name, datatype, shape, data: decodeTensor(name, datatype, shape, fitted) };
}

function toText(value: OnlineValue): string | null {
  return value === null ? null : String(value);
}

/** Numbers that JSON cannot hold come as texts; what is no number is left to the decoder, which says so. */
function toNumber(value: OnlineValue): OnlineValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '' || !/^(-?\d+|NaN|-?Infinity)$/.test(value)) return value;
  return value === 'NaN' ? null : Number(value);
}
