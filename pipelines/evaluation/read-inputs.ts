import { PulltrainError } from '../errors.ts';
import type { ModelTensor, ScoreColumns } from '../ports/scorer.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName } from '../quote-sql.ts';
import { holdoutTable, type LoadedHoldout } from './load-holdout.ts';

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/;

/**
 * The holdout's columns that fill the inputs of a model, by name. Throws `model-inputs-mismatch` with every input that
 * has no column, the wrong kind of column, or the target itself.
 */
export async function readInputs(
  inputs: readonly ModelTensor[],
  { columns, holdout }: LoadedHoldout,
  target: string,
  tables: Tables,
): Promise<ScoreColumns> {
  const faults = inputs.flatMap(({ name, type }) => {
    const found = columns.get(name);
    if (found === undefined) return [`no column ${name}`];
    if (name === target) return [`input ${name} is what the model has to predict`];
    const fits = type === 'string' || numeric.test(found);
    return fits ? [] : [`input ${name} is ${type}, the column is ${found}`];
  });
  if (faults.length > 0) {
    throw new PulltrainError('model-inputs-mismatch', {
      what: 'the inputs of the model do not fit the holdout',
      where: holdout.data,
      seen: faults.slice(0, 20).join('; '),
      allowed: `the holdout has ${[...columns.keys()].filter((name) => name !== target).join(', ')}`,
      cure: 'Add the columns to the holdout on the default branch, or train without them.',
    });
  }
  const numbers = inputs.filter(({ type }) => type !== 'string').map(({ name }) => name);
  const texts = inputs.filter(({ type }) => type === 'string').map(({ name }) => name);
  return { ...(await readNumbers(numbers, tables)), ...(await readTexts(texts, tables)) };
}

async function readNumbers(names: readonly string[], tables: Tables): Promise<Record<string, Float64Array>> {
  if (names.length === 0) return {};
  const list = names.map((name) => `CAST(${quoteName(name)} AS DOUBLE) AS ${quoteName(name)}`).join(', ');
  return tables.columns(`SELECT ${list} FROM ${holdoutTable}`, names);
}

async function readTexts(names: readonly string[], tables: Tables): Promise<Record<string, string[]>> {
  if (names.length === 0) return {};
  const list = names
    .map((name) => `coalesce(CAST(${quoteName(name)} AS VARCHAR), '') AS ${quoteName(name)}`)
    .join(', ');
  const rows = await tables.query(`SELECT ${list} FROM ${holdoutTable}`);
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => String(row[name]))]));
}
