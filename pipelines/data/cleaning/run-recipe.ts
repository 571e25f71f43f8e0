import type { CleaningRecipe, CleaningStep } from '../../contracts/cleaning-recipe.ts';
import type { CleaningRecord, FittedStep } from '../../contracts/cleaning-record.ts';
import { PulltrainError } from '../../errors.ts';
import { integrityOfDocument } from '../../integrity.ts';
import type { Tables } from '../../ports/tables.ts';
import { askTable } from '../ask-table.ts';
import type { ReadableTable } from '../read-table.ts';
import { requireColumns } from '../require-columns.ts';
import { applyStep } from './apply-step.ts';
import { type CleaningState, columnsOf, finishCleaning, startCleaning } from './cleaning-state.ts';
import { fitStep } from './fit-step.ts';

type Fitted = { record: CleaningRecord; select: string };

/**
 * Learns what every step of a recipe needs, from one table and from nothing else, each step from what the ones before left.
 * Returns the record and the SELECT of the cleaned table. Throws `recipe-refused` or `column-missing`.
 */
export async function fitRecipe(
  source: { table: ReadableTable; data: string; integrity: string; rows: number },
  recipe: CleaningRecipe,
  tables: Tables,
): Promise<Fitted> {
  const { table, data, integrity, rows } = source;
  // One thread: the last digit of a mean depends on the order of addition.
  await tables.query('SET threads = 1');
  try {
    return await askTable(async () => {
      let state = startCleaning(table);
      const steps: FittedStep[] = [];
      for (const [index, step] of recipe.steps.entries()) {
        const where = `steps.${index} (${step.do})`;
        requireColumns(usedColumns(step, true), state.columns, where);
        refuseTakenNames(step, state, where);
        const statistics = await fitStep(tables, state, step, where);
        state = await advance(tables, state, { step, statistics }, true);
        const [count] = await tables.query(`SELECT count(*) AS rows FROM (${state.sql})`);
        steps.push({ step, statistics, rows: Number(count?.rows ?? 0) });
      }
      const record: CleaningRecord = {
        kind: 'cleaning-record',
        version: 1,
        recipeIntegrity: integrityOfDocument(recipe),
        read: recipe.read,
        fitted: { data, integrity, rows },
        columnsIn: table.columns,
        columnsOut: state.columns,
        steps,
      };
      return { record, select: finishCleaning(state) };
    }, data);
  } finally {
    await tables.query('RESET threads');
  }
}

/**
 * The SELECT that cleans another table by a record, with nothing learnt anew. Columns get the types they had when the record
 * was made; a value that cannot be of that type fails the reading. Throws `column-missing`.
 */
export async function applyRecord(
  source: { table: ReadableTable; data: string },
  record: CleaningRecord,
  tables: Tables,
): Promise<string> {
  return askTable(async () => {
    let state = startCleaning(source.table, record.columnsIn);
    for (const [index, fitted] of record.steps.entries()) {
      requireColumns(
        usedColumns(fitted.step, false),
        state.columns,
        `${source.data}, steps.${index} (${fitted.step.do})`,
      );
      state = await advance(tables, state, fitted, false);
    }
    return finishCleaning(state);
  }, source.data);
}

async function advance(
  tables: Tables,
  state: CleaningState,
  fitted: Omit<FittedStep, 'rows'>,
  isFitted: boolean,
): Promise<CleaningState> {
  const sql = applyStep(state, fitted, isFitted);
  return { sql, columns: await columnsOf(tables, sql, state.row), row: state.row };
}

/** Columns that a step needs; one that leaves this table alone needs none. */
function usedColumns(step: CleaningStep, isFitted: boolean): readonly string[] {
  if (step.do === 'drop_rows') return isFitted || step.on === 'all' ? step.missing : [];
  if (step.do === 'deduplicate') return isFitted || step.on === 'all' ? (step.by ?? []) : [];
  return step.columns;
}

function refuseTakenNames(step: CleaningStep, state: CleaningState, where: string): void {
  if (step.do !== 'impute' || !step.indicator) return;
  const taken = step.columns
    .map((name) => `${name}_missing`)
    .filter((name) => state.columns.some((one) => one.name === name));
  if (taken.length === 0) return;
  throw new PulltrainError('recipe-refused', { what: `there already is a column ${taken.join(', ')}`, where });
}
