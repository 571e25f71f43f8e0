import { markdownTable } from 'markdown-table';
import type { DriftReport } from '../../pipelines/contracts/drift-report.ts';
import { codeSpan } from '../../reports/code-span.ts';
import { escapeMarkdown } from '../../reports/escape-markdown.ts';
import { statusIcons } from '../../reports/status-icon.ts';

/** The report as the summary page of a job shows it: the worst first. */
export function summarizeDrift(report: DriftReport): string {
  const order = ['error', 'fail', 'inconclusive', 'pass'];
  const findings = report.findings.toSorted((left, right) => order.indexOf(left.status) - order.indexOf(right.status));
  const days = report.window === null ? 'no rows' : `${report.window.from} to ${report.window.to}`;
  const table = markdownTable([
    ['', 'kind', 'measure', 'finding'],
    ...findings.map(({ status, kind, measure, message }) => [
      statusIcons[status],
      kind,
      escapeMarkdown(measure),
      escapeMarkdown(message, 1000),
    ]),
  ]);
  const facts = `${report.rows} rows, ${report.labelled} of them with labels, ${days}.`;
  return `## ${statusIcons[report.status]} ${codeSpan(report.tag)} in ${codeSpan(report.environment)}\n\n${facts}\n\n${table}\n`;
}
