import type { FittedStep } from '../../contracts/cleaning-record.ts';
import { PulltrainError } from '../../errors.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import { typedValue } from '../validation/typed-value.ts';
import { type CleaningState, withColumns } from './cleaning-state.ts';

/** The SELECT after a step, by what it learnt; `fitted` tells the table it was fitted on from all others. */
export function applyStep(
  state: CleaningState,
  { step, statistics }: Omit<FittedStep, 'rows'>,
  fitted: boolean,
): string {
  const learnt = (name: string) => statistics.find(({ column }) => column === name);
  const change = (columns: readonly string[], sql: (column: string, name: string) => string) =>
    withColumns(state, new Map(columns.map((name) => [name, sql(quoteName(name), name)])));
  switch (step.do) {
    case 'trim':
      return change(step.columns, (column) => `nullif(trim(CAST(${column} AS VARCHAR), ${blanks}), '')`);
    case 'normalise':
      return change(step.columns, (column) => normalised(column, step.case));
    case 'missing':
      return change(step.columns, (column) => {
        const markers = step.values.map((value) => quoteText(String(value))).join(', ');
        return `CASE WHEN CAST(${column} AS VARCHAR) IN (${markers}) THEN NULL ELSE ${column} END`;
      });
    case 'cast':
      return change(step.columns, (_, name) => castOf(state, name, step.to).value);
    case 'drop_rows':
      if (step.on === 'train' && !fitted) return state.sql;
      return `SELECT * FROM (${state.sql}) WHERE ${step.missing.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ')}`;
    case 'deduplicate': {
      if (step.on === 'train' && !fitted) return state.sql;
      const by = (step.by ?? state.columns.map(({ name }) => name)).map(quoteName).join(', ');
      return `SELECT * FROM (${state.sql}) QUALIFY row_number() OVER (PARTITION BY ${by} ORDER BY ${state.row}) = 1`;
    }
    case 'impute':
      return imputed(state, step, (name) => learnt(name)?.value);
    case 'clip':
      return change(step.columns, (column, name) => {
        const type = typeOf(state, name);
        const { low = '', high = '' } = learnt(name) ?? {};
        const bound = (value: string) => `CAST(${quoteText(value)} AS ${type})`;
        // The engine's least and greatest would turn a missing value into a bound.
        return `CASE WHEN ${column} < ${bound(low)} THEN ${bound(low)} WHEN ${column} > ${bound(high)} THEN ${bound(high)} ELSE ${column} END`;
      });
    case 'group_rare':
      return change(step.columns, (column, name) => {
        const kept = (learnt(name)?.kept ?? []).map(quoteText).join(', ');
        const text = `CAST(${column} AS VARCHAR)`;
        const isKept = kept === '' ? 'FALSE' : `${text} IN (${kept})`;
        return `CASE WHEN ${column} IS NULL OR ${isKept} THEN ${text} ELSE ${quoteText(step.as)} END`;
      });
    case 'drop_columns': {
      const left = state.columns.filter(({ name }) => !step.columns.includes(name)).map(({ name }) => quoteName(name));
      if (left.length > 0) return `SELECT ${[...left, state.row].join(', ')} FROM (${state.sql})`;
      throw new PulltrainError('recipe-refused', { what: 'no column would be left', seen: step.columns.join(', ') });
    }
  }
}

const blanks = quoteText(' \t\r\n\u00a0');

/** SQL of a column as another type, as `cast` reads it; `bad` is true for a value that is not of it. */
export function castOf(state: CleaningState, name: string, to: Parameters<typeof typedValue>[2]) {
  const type = typeOf(state, name);
  const column = quoteName(name);
  if (to === 'text') return { value: `CAST(${column} AS VARCHAR)`, bad: 'FALSE', missing: `${column} IS NULL` };
  return typedValue(column, type, to, type === 'VARCHAR');
}

/** Type of a column as the recipe has it by now. */
export function typeOf({ columns }: CleaningState, name: string): string {
  return columns.find((column) => column.name === name)?.type ?? 'VARCHAR';
}

function normalised(column: string, to: 'lower' | 'upper' | 'keep'): string {
  const text = `trim(regexp_replace(nfc_normalize(CAST(${column} AS VARCHAR)), '[\\s\\x{00a0}]+', ' ', 'g'))`;
  return `nullif(${to === 'keep' ? text : `${to}(${text})`}, '')`;
}

function imputed(
  state: CleaningState,
  step: Extract<FittedStep['step'], { do: 'impute' }>,
  learnt: (name: string) => string | undefined,
): string {
  const changes = new Map(
    step.columns.map((name) => {
      const type = step.with === 'mean' ? 'DOUBLE' : typeOf(state, name);
      return [
        name,
        `coalesce(CAST(${present(state, name)} AS ${type}), CAST(${quoteText(learnt(name) ?? '')} AS ${type}))`,
      ];
    }),
  );
  const indicators = step.columns.map((name) => ({
    name: `${name}_missing`,
    sql: `CAST(${present(state, name)} IS NULL AS INTEGER)`,
  }));
  return withColumns(state, changes, step.indicator ? indicators : []);
}

/** SQL of a value that is NULL where it is missing: NaN is, too. */
export function present(state: CleaningState, name: string): string {
  const column = quoteName(name);
  const type = typeOf(state, name);
  return type === 'DOUBLE' || type === 'FLOAT' ? `(CASE WHEN isnan(${column}) THEN NULL ELSE ${column} END)` : column;
}
