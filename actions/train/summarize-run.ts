import type { RunRecord } from '../../pipelines/contracts/run-record.ts';

/** The run in a few lines for the page of the job. Names come from the pull request, so they stand as escaped text. */
export function summarizeRun(record: RunRecord): string {
  const file = record.modelFile;
  const width = Math.max(0, ...record.stages.map(({ name }) => name.length));
  const facts = [
    file === null ? undefined : `model    ${(file.size / 1024 ** 2).toFixed(2)} MiB, sha256 ${file.sha256}`,
    `run      ${record.key ?? 'could not be named'}`,
    ...(record.validations ?? []).flatMap(({ data, status, errors, warnings, findings }) => [
      `data     ${data}: ${status}, ${errors} errors, ${warnings} warnings`,
      ...findings.slice(0, 5).map(({ severity, sentence }) => `         ${severity}: ${sentence.slice(0, 300)}`),
    ]),
    ...record.stages.map(
      ({ name, status, seconds }) => `stage    ${name.padEnd(width)}  ${status}, ${seconds.toFixed(1)} s`,
    ),
    ...Object.entries(record.reportedMetrics).map(([name, value]) => `reported ${name} ${value}`),
    record.failure === null ? undefined : `failure  ${record.failure.code}`,
  ].filter((fact) => fact !== undefined);
  return [
    `### Training of ${record.model}: ${record.status}`,
    '',
    `<pre>${facts.map(escapeText).join('\n')}</pre>`,
  ].join('\n');
}

function escapeText(line: string): string {
  return line
    .replace(/\s+/g, (space) => (space.includes('\n') ? ' ' : space))
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
