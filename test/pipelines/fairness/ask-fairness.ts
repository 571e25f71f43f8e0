import { openTables } from '../../../adapters/duckdb/open-tables.ts';
import type { Fairness } from '../../../pipelines/contracts/fairness.ts';
import { describeSource } from '../../../pipelines/data/open-table.ts';
import type { FairnessQuestion } from '../../../pipelines/fairness/fairness-question.ts';
import { measureFairness } from '../../../pipelines/fairness/measure-fairness.ts';
import { quoteName, quoteText } from '../../../pipelines/quote-sql.ts';

type Value = string | number | boolean | null;

const usual: FairnessQuestion = {
  label: 'y',
  prediction: 'p',
  score: null,
  threshold: null,
  basePrediction: null,
  baseScore: null,
  by: ['g'],
  control: null,
  task: null,
  positive: null,
  selected: [],
  favourable: null,
  reference: null,
  questions: null,
  minGroup: 1,
  resamples: 200,
  seed: 1,
};

/** Fairness of a table that is given by its columns. */
export async function askFairness(
  columns: Record<string, readonly Value[]>,
  question: Partial<FairnessQuestion> = {},
): Promise<Fairness> {
  const tables = await openTables();
  try {
    const names = Object.keys(columns);
    const length = columns[names[0] ?? '']?.length ?? 0;
    const rows = Array.from(
      { length },
      (_, row) => `(${names.map((name) => literal(columns[name]?.[row] ?? null)).join(', ')})`,
    );
    await tables.query(
      `CREATE TABLE given AS SELECT * FROM (VALUES ${rows.join(', ')}) AS t(${names.map(quoteName).join(', ')})`,
    );
    const table = { source: 'given', columns: await describeSource('given', tables), name: 'given' };
    return await measureFairness({ ...usual, ...question }, table, tables);
  } finally {
    tables.close();
  }
}

function literal(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'string'
    ? quoteText(value)
    : typeof value === 'number'
      ? `'${value}'::DOUBLE`
      : String(value);
}
