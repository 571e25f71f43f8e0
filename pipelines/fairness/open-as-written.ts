import { type OpenOptions, type OpenTable, openTable, type TablePorts } from '../data/open-table.ts';
import { tableFormat } from '../data/table-source.ts';
import type { FairnessQuestion } from './fairness-question.ts';
import { isNumeric } from './read-values.ts';
import { resolveAttributes } from './resolve-attributes.ts';

/**
 * Opens a table so that labels, decisions and groups are called as they are written: the engine takes `yes` and `no` in a
 * CSV file for truth values, and texts for days, which would give groups other names. Throws what `openTable` throws.
 */
export async function openAsWritten(
  file: string,
  options: OpenOptions,
  question: Pick<FairnessQuestion, 'label' | 'prediction' | 'basePrediction' | 'by' | 'control'>,
  ports: TablePorts,
): Promise<OpenTable> {
  const table = await openTable(file, options, ports);
  if ((options.format ?? tableFormat(file)) !== 'csv') return table;
  const groups = resolveAttributes(question.by, table.columns).flatMap(({ columns }) => columns);
  const named = [question.label, question.prediction, question.basePrediction, question.control, ...groups];
  const guessed = table.columns.filter(
    (column) => named.includes(column.name) && column.type !== 'VARCHAR' && !isNumeric(column),
  );
  if (guessed.length === 0) return table;
  const types = Object.fromEntries(guessed.map(({ name }) => [name, 'VARCHAR']));
  return openTable(file, { ...options, types: { ...options.types, ...types } }, ports);
}
