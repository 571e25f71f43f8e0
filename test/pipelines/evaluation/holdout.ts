import { join } from 'node:path';
import { configSchema, type ModelConfig } from '../../../pipelines/config/schema.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';

/** Two months of made-up flights; late more often in the evening and, in April only, in the west. */
export async function writeFlights(folder: string, tables: Tables, where = 'true'): Promise<string> {
  const file = join(folder, 'flights.parquet');
  await tables.query(`COPY (SELECT * FROM (SELECT
    TIMESTAMP '2001-03-01' + INTERVAL (i * 13) MINUTE AS date,
    CAST(i % 24 AS SMALLINT) AS hour,
    CAST(i * 7 % 1000 AS INTEGER) AS distance,
    CASE WHEN i % 11 = 0 THEN NULL WHEN i % 3 = 0 THEN 'west' ELSE 'east' END AS origin_region,
    CASE WHEN i % 97 = 0 THEN NULL ELSE CAST(hash(i) % 24 < i % 24 AS INTEGER) END AS late
    FROM range(6700) r(i)) WHERE ${where}) TO '${file}' (FORMAT parquet)`);
  return file;
}

export function flightsPolicy(changes: Record<string, unknown> = {}): ModelConfig {
  const config = configSchema.parse({
    version: 1,
    models: {
      'flight-delay': {
        task: 'binary',
        output: 'out/model.onnx',
        holdout: { data: 'data/holdout.parquet', target: 'late', time: 'date', window: { newest: 'month' } },
        protected: ['origin_region'],
        metrics: { primary: 'roc_auc', also: ['log_loss', 'brier', 'ece', 'accuracy'] },
        gates: [{ metric: 'accuracy', min: 0.5 }],
        ...changes,
      },
    },
  });
  const policy = config.models['flight-delay'];
  if (policy === undefined) throw new Error('the configuration lost its model');
  return policy;
}
