import { markdownTable } from 'markdown-table';
import type { DriftReport } from '../../pipelines/contracts/drift-report.ts';

const marks = { pass: '✅', inconclusive: '➖', fail: '❌', error: '⚠️' } as const;

/** The report as the summary page of a job shows it: the worst first. */
export function summarizeDrift(report: DriftReport): string {
  const order = ['error', 'fail', 'inconclusive', 'pass'];
  const findings = report.findings.toSorted((left, right) => order.indexOf(left.status) - order.indexOf(right.status));
  const days = report.window === null ? 'no rows' : `${report.window.from} to ${report.window.to}`;
  const table = markdownTable([
    ['', 'what', 'measure', 'finding'],
    ...findings.map(({ status, kind, subject, measure, message }) =>
      [marks[status], `${kind} ${subject}`, measure, message].map(cell),
    ),
  ]);
  const facts = `${report.rows} rows, ${report.labelled} of them with labels, ${days}.`;
  return `## ${marks[report.status]} ${cell(report.tag)} in ${cell(report.environment)}\n\n${facts}\n\n${table}\n`;
}

/** Column names come from data: nothing in them may become markup. */
function cell(text: string): string {
  return text.replace(/[\s]+/g, ' ').replace(/[\\`*_{}[\]<>|#@!&~]/g, (sign) => `&#${sign.codePointAt(0)};`);
}
