import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { Profile } from '../../pipelines/contracts/profile.ts';
import { writeReference } from '../../pipelines/evaluation/write-predictions.ts';
import { buildReferenceProfile } from '../../pipelines/monitoring/build-profile.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';

/** The reference profile of the candidate on the holdout: what its release will be watched against. */
export async function writeProfile(
  subject: { model: string; policy: ModelConfig; evaluation: Evaluation; scores: Float64Array; folder: string },
  tables: Tables,
): Promise<Profile> {
  const { model, policy, evaluation, scores, folder } = subject;
  const { time } = policy.holdout;
  const inputs = evaluation.inputs.map(({ name }) => name);
  const table = join(folder, 'reference.parquet');
  await writeReference(
    { path: table, scores, columns: [...new Set([...inputs, ...(time === undefined ? [] : [time])])] },
    tables,
  );
  try {
    return await buildReferenceProfile(
      {
        model,
        table,
        columns: inputs,
        time: time ?? null,
        score: '~score',
        label: '~label',
        quality: qualityOf(evaluation),
        ...(policy.monitor === undefined ? {} : { window: policy.monitor.window }),
      },
      tables,
    );
  } finally {
    await rm(table, { force: true });
  }
}

/** The primary metric; its standard error is half the width of the interval in normal units. */
function qualityOf({ metrics }: Evaluation): Profile['quality'] {
  const [primary] = metrics;
  if (primary === undefined) return null;
  const { name, value, interval } = primary;
  return { metric: name, value, standardError: interval === null ? null : (interval.high - interval.low) / (2 * 1.96) };
}
