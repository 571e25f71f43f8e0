import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Profile } from '../../../pipelines/contracts/profile.ts';
import { buildReferenceProfile } from '../../../pipelines/monitoring/build-profile.ts';
import type { Tables } from '../../../pipelines/ports/tables.ts';
import { quoteText } from '../../../pipelines/quote-sql.ts';

/**
 * Sixty days of a small model: `hour` and `rate` numeric, `region` text with a gap, a score that is right on average.
 * 200 rows a day.
 */
export async function writeReference(directory: string, tables: Tables): Promise<string> {
  const path = join(directory, 'reference.parquet');
  await tables.query(`COPY (${rowsSql('2001-01-01', 60)}) TO ${quoteText(path)} (FORMAT parquet)`);
  return path;
}

/** `days` days of 200 rows from a day on; `shift` moves `rate` and, with `late`, the labels. */
export function rowsSql(from: string, days: number, { shift = 0, late = 0 } = {}): string {
  return `SELECT i AS id, TIMESTAMP '${from}' + to_seconds(432 * i) AS date, CAST(i % 24 AS INTEGER) AS hour,
(hash(i + 1) % 1000) / 1000.0 + ${shift} AS rate,
CASE WHEN i % 10 = 0 THEN NULL ELSE list_extract(['north', 'south', 'it''s'], CAST(1 + i % 3 AS INTEGER)) END AS region,
0.1 + 0.2 * ((hash(i + 1) % 1000) / 1000.0 + ${shift}) AS score,
CAST((hash(i + 2) % 1000) / 1000.0 < 0.1 + ${late} + 0.2 * ((hash(i + 1) % 1000) / 1000.0 + ${shift}) AS INTEGER) AS label
FROM range(${days * 200}) r(i)`;
}

export async function referenceProfile(table: string, tables: Tables, window = '5d'): Promise<Profile> {
  return buildReferenceProfile(
    {
      model: 'late',
      relation: `read_parquet(${quoteText(table)})`,
      columns: ['hour', 'rate', 'region'],
      time: 'date',
      score: 'score',
      label: 'label',
      quality: { metric: 'roc_auc', value: 0.57, standardError: 0.006 },
      window,
    },
    tables,
  );
}

/** A prediction log of those rows as the model server writes it, with `edit` applied to every line. */
export async function writeLog(
  file: string,
  sql: string,
  tables: Tables,
  edit: (line: Record<string, unknown>, row: number) => Record<string, unknown> = (line) => line,
): Promise<void> {
  const rows = await tables.query(
    `SELECT id, strftime(date, '%Y-%m-%dT%H:%M:%S.000Z') AS date, hour, rate, region, score FROM (${sql})`,
  );
  const lines = rows.map(({ score, ...features }, row) =>
    JSON.stringify(
      edit(
        {
          v: 1,
          id: `p-${features.id}`,
          request: `r-${row}`,
          row: 0,
          at: '2026-11-21T00:00:00.000Z',
          model: 'late',
          version: '1.1.0',
          sha256: 'd'.repeat(64),
          variant: 'stable',
          rollout: null,
          features,
          score,
          status: 'ok',
          latencyMs: 1.5,
        },
        row,
      ),
    ),
  );
  await writeFile(file, `${lines.join('\n')}\n`);
}

/** What a killed server leaves behind its last whole line. */
export async function tearLastLine(file: string): Promise<void> {
  await appendFile(file, '{"v":1,"id":"p-torn","model":"late","version":"1.1.0","vari');
}
