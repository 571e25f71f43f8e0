import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import type { Terminal } from '../verb.ts';

/** What came of a run, in a few lines: how it ended, how many stages did what, the model and its metrics. */
export function formatRun(record: RunRecord, terminal: Pick<Terminal, 'paint'>): string {
  const { failure, modelFile } = record;
  const name = record.model ?? 'pipeline';
  const counts = Map.groupBy(record.stages, ({ status }) => status);
  const told = (['ran', 'restored', 'unchanged', 'failed', 'not-run'] as const).flatMap((status) => {
    const count = counts.get(status)?.length ?? 0;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  const head =
    failure === null
      ? `${terminal.paint('green', 'succeeded')}  ${name}: ${told.join(', ')}`
      : `${terminal.paint('red', 'failed')}  ${name}: ${told.join(', ')}\n${failure.message}`;
  return [
    head,
    ...record.stages.flatMap(({ name: stage, reason = '' }) =>
      reason.startsWith('would') ? [`  ${stage}  ${reason}`] : [],
    ),
    ...(modelFile === null ? [] : [`model  ${modelFile.path} (sha256 ${modelFile.sha256})`]),
    ...(record.key === null ? [] : [`key    ${record.key}`]),
    ...(record.id === undefined ? [] : [`run    ${record.id}`]),
    ...Object.entries(record.reportedMetrics).map(([metric, value]) => `${metric}  ${value} (reported)`),
  ].join('\n');
}
