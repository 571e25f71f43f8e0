import type { ModelConfig } from '../config/schema.ts';
import { PulltrainError } from '../errors.ts';
import type { ModelTensor, ScoreColumns } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { inputColumns } from './input-columns.ts';
import { holdoutTable, type LoadedHoldout } from './load-holdout.ts';

/** Rows that are read and scored at once. */
const batchRows = 8192;

/** The columns of a model, to be read any number of times. */
export type Inputs = {
  /** All rows, in row order. */
  batches(): AsyncIterable<ScoreColumns>;
  /** So many rows from the start, fewer where there are fewer. */
  first(rows: number): Promise<ScoreColumns>;
};

/**
 * The holdout's columns that fill the inputs of a model, by name. Missing values are NaN in floats and empty texts in
 * strings, and refused in integers and bools. Throws `model-inputs-mismatch` with every column that is not there or does
 * not fit.
 */
export async function openInputs(
  inputs: readonly ModelTensor[],
  { columns, holdout }: LoadedHoldout,
  policy: Pick<ModelConfig, 'holdout'>,
  tables: Tables,
): Promise<Inputs> {
  const targets = [policy.holdout.target, ...(policy.holdout.labels ?? [])];
  const plan = inputColumns(inputs, columns, targets);
  const faults = [...plan.faults, ...(await lookForGaps(plan.checks, tables))];
  if (faults.length > 0) {
    const more = faults.length > 20 ? `; and ${faults.length - 20} more` : '';
    const names = [...columns.keys()].filter((name) => !targets.includes(name));
    throw new PulltrainError('model-inputs-mismatch', {
      what: 'the inputs of the model do not fit the holdout',
      where: holdout.data,
      seen: `${faults.slice(0, 20).join('; ')}${more}`,
      allowed: `one tensor [N] or [N,1] per column; the holdout has ${names.slice(0, 200).join(', ')}`,
      cure: 'Correct the columns of the holdout on the default branch, or train with the ones it has.',
    });
  }
  const select = `SELECT ${plan.reads.map(({ sql, name }) => `${sql} AS ${quoteName(name)}`).join(', ')} FROM ${holdoutTable}`;
  return {
    batches: () => tables.stream(select, batchRows),
    async first(rows) {
      for await (const batch of tables.stream(`${select} LIMIT ${rows}`, rows)) return batch;
      return {};
    },
  };
}

type Check = { name: string; gaps: string; example: string; wanted: string };

/** Looks for values that an input of integers or bools cannot take, in one pass. */
async function lookForGaps(checks: readonly Check[], tables: Tables): Promise<string[]> {
  if (checks.length === 0) return [];
  const list = checks.flatMap(({ name, gaps, example }, index) => [
    `count(*) FILTER (WHERE ${quoteName(name)} IS NULL) AS missing_${index}`,
    `count(*) FILTER (WHERE ${gaps}) AS bad_${index}`,
    `CAST(${example} AS VARCHAR) AS example_${index}`,
  ]);
  const [row = {}] = await tables.query(`SELECT ${list.join(', ')} FROM ${holdoutTable}`);
  return checks.flatMap(({ name, wanted }, index) => {
    const [missing, bad] = [Number(row[`missing_${index}`] ?? 0), Number(row[`bad_${index}`] ?? 0)];
    return [
      missing > 0 ? [`input ${name} is ${wanted}, which knows no missing value; column ${name} misses ${missing}`] : [],
      bad > 0
        ? [`input ${name} is ${wanted}; ${bad} values of column ${name} are not, such as ${row[`example_${index}`]}`]
        : [],
    ].flat();
  });
}
