import { z } from 'zod';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { OnlineRecord } from '../../pipelines/ports/online-store.ts';
import { never } from './tie-of.ts';

const valuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

/** A record out of its stored parts. Throws `store-failed` for what no store of ours has written. */
export function readRecord(parts: { event: number; created: number; values: string }, where: string): OnlineRecord {
  const values = valuesSchema.safeParse(readJson(parts.values));
  if (values.success && Number.isSafeInteger(parts.event) && Number.isSafeInteger(parts.created)) {
    return { event: parts.event, created: parts.created === never ? null : parts.created, values: values.data };
  }
  throw new PulltrainError('store-failed', {
    what: 'the online store holds something else than features',
    where,
    cure: 'Materialise the view again into an empty store.',
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
