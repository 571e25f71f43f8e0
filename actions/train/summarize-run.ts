import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { drawProgress } from './draw-progress.ts';

/** The run in a few lines for the page of the job. Names come from the pull request, so they stand as escaped text. */
export function summarizeRun(record: RunRecord): string {
  const file = record.modelFile;
  const width = Math.max(0, ...record.stages.map(({ name }) => name.length));
  const facts = [
    file === null ? undefined : `model    ${formatSize(file.size)}, sha256 ${file.sha256}`,
    `run      ${record.key ?? 'could not be named'}`,
    ...(record.validations ?? []).flatMap(({ data, status, errors, warnings, findings }) => [
      `data     ${data}: ${status}, ${errors} errors, ${warnings} warnings`,
      ...findings.slice(0, 5).map(({ severity, sentence }) => `         ${severity}: ${sentence.slice(0, 300)}`),
    ]),
    ...record.stages.map(
      ({ name, status, seconds, reason = '', attempt = 1 }) =>
        `stage    ${name.padEnd(width)}  ${status}, ${status === 'ran' ? `${seconds.toFixed(1)} s` : reason}${attempt > 1 ? `, attempt ${attempt}` : ''}`,
    ),
    ...Object.entries(record.reportedMetrics).map(
      ([name, value]) => `reported ${name} ${Number(value.toPrecision(6))}`,
    ),
    record.failure === null ? undefined : `failure  ${record.failure.code}`,
  ].filter((fact) => fact !== undefined);
  return [
    `### Training of ${record.model}: ${record.status}`,
    '',
    `<pre>${facts.map(escapeText).join('\n')}</pre>`,
    ...record.stages.flatMap(({ name, progress }) => (progress === undefined ? [] : drawProgress(name, progress))),
  ].join('\n');
}

function escapeText(line: string): string {
  return line
    .replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Bytes in the largest unit of which there is one at least. */
function formatSize(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}
