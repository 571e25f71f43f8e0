import { z } from 'zod';
import { PulltrainError } from '../../../pipelines/errors.ts';
import type { Json } from '../expressions/json.ts';

export type Concurrency = { group: string; cancelInProgress: boolean; queue: 'single' | 'max' };

const schema = z.union([
  z.string().transform((group) => ({ group, 'cancel-in-progress': false, queue: 'single' as const })),
  z.object({
    group: z.coerce.string(),
    'cancel-in-progress': z
      .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
      .default(false),
    queue: z.enum(['single', 'max']).default('single'),
  }),
]);

/** An evaluated `concurrency`; null when its group is empty. */
export function readConcurrency(value: Json): Concurrency | null {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new PulltrainError('workflow-value', { what: 'concurrency needs a group', seen: JSON.stringify(value) });
  const { group, queue, 'cancel-in-progress': cancelInProgress } = parsed.data;
  if (queue === 'max' && cancelInProgress)
    throw new PulltrainError('workflow-value', { what: 'queue: max and cancel-in-progress: true exclude each other' });
  return group === '' ? null : { group, cancelInProgress, queue };
}
