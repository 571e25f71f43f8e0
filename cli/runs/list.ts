import { listRuns } from '../../adapters/runs/list-runs.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { formatTable } from './format-table.ts';
import { printNumber } from './print-number.ts';

const options = {
  model: { type: 'string', placeholder: 'NAME', about: 'only runs of this model' },
  limit: { type: 'string', default: '20', placeholder: 'N', about: 'how many' },
} as const;

/** `pulltrain runs list` */
export async function showRuns(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const all = await listRuns(terminal.directory, terminal.progress);
  const wanted = values.model === undefined ? all : all.filter(({ record }) => record.model === values.model);
  const shown = wanted.slice(0, Math.max(1, Number(values.limit) || 20));
  const rows = shown.map(({ id, origin, record, verdict, pull, verified }) => [
    id,
    origin,
    record.model ?? '',
    record.status,
    verdict ?? '',
    pull === null ? '' : `#${pull}`,
    record.startedAt.slice(0, 16).replace('T', ' '),
    ((Date.parse(record.finishedAt) - Date.parse(record.startedAt)) / 1000).toFixed(1),
    Object.entries(Object.keys(verified).length > 0 ? verified : record.reportedMetrics)
      .slice(0, 3)
      .map(([name, value]) => `${name} ${printNumber(value)}`)
      .join(', '),
  ]);
  const head = ['run', 'origin', 'model', 'status', 'verdict', 'pull', 'started', 'seconds', 'metrics'];
  const text = rows.length === 0 ? 'No runs yet: pulltrain run makes one.' : formatTable(head, rows);
  terminal.answer({ runs: shown }, text);
  return 0;
}
