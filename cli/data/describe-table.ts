import type { TableShape } from '../../pipelines/contracts/pointer.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

const tables = /\.(parquet|(csv|tsv|json|jsonl|ndjson)(\.(gz|zst))?)$/i;

/**
 * Rows, columns and days of a table, undefined for a file that is none. `time` is the time column that was asked for,
 * `before` the one of the earlier version. A `.json` file that is no table is a file like any other.
 */
export async function describeTable(
  place: string,
  path: string,
  time: string | undefined,
  before: string | undefined,
): Promise<TableShape | undefined> {
  if (!tables.test(place)) {
    if (time === undefined) return undefined;
    throw new PulltrainError('usage', {
      what: '--time needs a table',
      seen: path,
      allowed: '.parquet, .csv, .json, .jsonl, .ndjson',
    });
  }
  // The table engine is large, and most data is read without it.
  const [{ openTables }, { readTableShape }] = await Promise.all([
    import('../../adapters/duckdb/open-tables.ts'),
    import('../../pipelines/data/read-table-shape.ts'),
  ]);
  const opened = await openTables();
  try {
    const shape = await readTableShape(opened, place, time);
    if (time !== undefined || before === undefined) return shape;
    return await readTableShape(opened, place, before).catch(() => shape);
  } catch (thrown) {
    const isPlainJson =
      thrown instanceof PulltrainError && thrown.code === 'table-unreadable' && /\.json$/i.test(place);
    if (isPlainJson && time === undefined) return undefined;
    throw thrown;
  } finally {
    opened.close();
  }
}
