import { listRuns } from '../../adapters/runs/list-runs.ts';
import { queryRuns } from '../../adapters/runs/query-runs.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { formatTable } from './format-table.ts';
import { printNumber } from './print-number.ts';

/** `pulltrain runs query` */
export async function askRuns(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parseOptions(args, {}, { min: 1, max: 1 });
  const runs = await listRuns(terminal.directory, terminal.progress);
  const { columns, rows, cut } = await queryRuns(runs, positionals[0] ?? '');
  const cells = rows.map((row) =>
    columns.map((column) => {
      const cell = row[column] ?? null;
      return cell === null ? '' : typeof cell === 'number' ? printNumber(cell) : String(cell);
    }),
  );
  if (cut) terminal.progress('There are more rows; these are the first.');
  terminal.answer({ columns, rows, cut }, formatTable(columns, cells));
  return 0;
}
