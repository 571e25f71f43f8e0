import { markdownTable } from 'markdown-table';
import type { ValidationSummary } from '../pipelines/contracts/validation-summary.ts';
import { codeSpan } from './code-span.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatCount } from './format-number.ts';

/** Files and broken rules that are shown; a comment has a size. */
const mostFiles = 20;
const mostFindings = 10;

/** What the data was found to be before training, as markdown; '' where nothing was checked. Every text is a stranger's. */
export function validationSection(validations: readonly ValidationSummary[]): string {
  if (validations.length === 0) return '';
  const rows = validations
    .slice(0, mostFiles)
    .map(({ data, schema, status, rows, errors, warnings }) => [
      codeSpan(data),
      codeSpan(schema),
      formatCount(rows),
      status === 'pass' ? 'holds' : '**does not hold**',
      String(errors),
      String(warnings),
    ]);
  const findings = validations.flatMap(({ data, findings }) => findings.map((finding) => ({ data, ...finding })));
  const lines = findings
    .slice(0, mostFindings)
    .map(({ data, severity, sentence }) => `- ${severity} in ${codeSpan(data)}: ${escapeMarkdown(sentence, 400)}`);
  const head = ['Data', 'Schema', 'Rows', 'Checked before training', 'Errors', 'Warnings'];
  return [markdownTable([head, ...rows], { alignDelimiters: false }), lines.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}
