import { listRuns } from '../../adapters/runs/list-runs.ts';
import { findRun } from '../../pipelines/runs/find-run.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { formatTable } from './format-table.ts';
import { printNumber } from './print-number.ts';

/** `pulltrain runs show` */
export async function showRun(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { positionals } = parseOptions(args, {}, { max: 1 });
  const runs = await listRuns(terminal.directory, terminal.progress);
  const run = findRun(runs, positionals[0] ?? 'latest');
  terminal.answer({ run }, describeRun(run, terminal));
  return 0;
}

function describeRun({ id, origin, record, pull, verdict, verified }: KnownRun, terminal: Terminal): string {
  const { environment, code } = record;
  const { cpu, memoryBytes, python, locks = [] } = environment;
  const seconds = (Date.parse(record.finishedAt) - Date.parse(record.startedAt)) / 1000;
  const facts: [string, string | null | undefined][] = [
    ['run', `${id} (${origin})`],
    ['status', record.failure === null ? record.status : `${record.status}: ${record.failure.message}`],
    ['verdict', verdict === null ? null : `${verdict}, pull request #${pull}`],
    ['model', record.model],
    ['command', record.invocation],
    ['key', record.key],
    ['code', code === null ? 'not in git' : `${code.sha}${code.clean ? '' : ', with changes that are not committed'}`],
    ['started', `${record.startedAt}, ${seconds.toFixed(1)} s`],
    ['system', `${environment.os} ${environment.arch}, Node ${environment.node}`],
    ['processor', cpu === undefined ? null : `${cpu.count} x ${cpu.model}`],
    ['memory', memoryBytes === undefined ? null : `${(memoryBytes / 1024 ** 3).toFixed(1)} GiB`],
    ['gpu', environment.gpu],
    ['cuda', environment.cuda],
    ['python', python == null ? null : `${python.version}, ${python.packages.length} packages`],
    ['locks', locks.length === 0 ? null : locks.map(({ path }) => path).join(', ')],
  ];
  const known = facts
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [name, value ?? '']);
  const stages = record.stages.map((stage) => [
    stage.name,
    stage.status,
    stage.seconds.toFixed(1),
    stage.peakMemoryBytes === undefined ? '' : `${Math.round(stage.peakMemoryBytes / 1024 ** 2)} MiB`,
    stage.attempt === undefined ? '' : String(stage.attempt),
    stage.progress?.stopped?.message ?? stage.reason ?? '',
    stage.log?.path ?? '',
  ]);
  const pairs = (values: Readonly<Record<string, unknown>>) =>
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? printNumber(value) : typeof value === 'string' ? value : JSON.stringify(value),
    ]);
  const section = (title: string, head: string[], rows: string[][]) =>
    rows.length === 0 ? [] : ['', terminal.paint('bold', title), formatTable(head, rows, 100)];
  return [
    formatTable(['', ''], known, 500).trim(),
    ...section('stages', ['stage', 'status', 'seconds', 'memory', 'attempt', 'why', 'log'], stages),
    ...section('parameters', ['name', 'value'], pairs(record.parameters)),
    ...section('seeds', ['name', 'value'], pairs(record.seeds ?? {})),
    ...section('features', ['view', 'version'], pairs(record.features ?? {})),
    ...section('metrics, verified', ['name', 'value'], pairs(verified)),
    ...section('metrics, reported', ['name', 'value'], pairs(record.reportedMetrics)),
    ...section(
      'inputs',
      ['path', 'integrity'],
      record.sources.map(({ path, integrity }) => [path, integrity]),
    ),
    ...section(
      'outputs',
      ['path', 'integrity', 'bytes'],
      record.stages.flatMap(({ outputs = [] }) =>
        outputs.map(({ path, integrity, size }) => [path, integrity, String(size)]),
      ),
    ),
  ].join('\n');
}
