import { writeFile } from 'node:fs/promises';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { Profile } from '../../pipelines/contracts/profile.ts';
import { loadReference } from '../../pipelines/evaluation/write-predictions.ts';
import { buildReferenceProfile } from '../../pipelines/monitoring/build-profile.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';

/** The reference profile of the candidate, whose scores are loaded, on the holdout: what its release will be watched against. */
export async function writeProfile(
  subject: { model: string; policy: ModelConfig; evaluation: Evaluation; file: string },
  tables: Tables,
): Promise<void> {
  const { model, policy, evaluation, file } = subject;
  const { time } = policy.holdout;
  const inputs = evaluation.inputs.map(({ name }) => name);
  const columns = [...new Set([...inputs, ...(time === undefined ? [] : [time])])];
  const profile = await buildReferenceProfile(
    {
      model,
      relation: await loadReference(columns, tables),
      columns: inputs,
      time: time ?? null,
      score: '~score',
      label: '~label',
      quality: qualityOf(evaluation),
      ...(policy.monitor === undefined ? {} : { window: policy.monitor.window }),
    },
    tables,
  );
  await writeFile(file, `${JSON.stringify(profile, null, 2)}\n`);
}

/** The primary metric; its standard error is half the width of the interval in normal units. */
function qualityOf({ metrics }: Evaluation): Profile['quality'] {
  const [primary] = metrics;
  if (primary === undefined) return null;
  const { name, value, interval } = primary;
  return { metric: name, value, standardError: interval === null ? null : (interval.high - interval.low) / (2 * 1.96) };
}
