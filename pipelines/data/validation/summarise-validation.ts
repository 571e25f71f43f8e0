import type { CheckResult, ValidationReport } from '../../contracts/validation-report.ts';
import type { ValidationSummary } from '../../contracts/validation-summary.ts';

/** What of a validation report goes into a run record: the broken rules in sentences, the first twenty of them. */
export function summariseValidation(report: ValidationReport): ValidationSummary {
  const { data, schema, status, rows, errors, warnings, results } = report;
  const broken = results.filter((result) => result.status === 'fail');
  const ordered = (['error', 'warning'] as const).flatMap((severity) =>
    broken.filter((result) => result.severity === severity),
  );
  const findings = ordered.slice(0, 20).map((result) => ({ severity: result.severity, sentence: sentenceOf(result) }));
  return { data, schema, status, rows, errors, warnings, findings };
}

function sentenceOf({ rule, columns, expected, observed, examples }: CheckResult): string {
  const subject = columns.length === 0 ? 'table' : columns.join(', ');
  const rows = examples
    .slice(0, 3)
    .map(
      ({ row, values }) => `row ${row}: ${values.map(({ column, value }) => `${column} ${show(value)}`).join(', ')}`,
    );
  const shown = rows.length === 0 ? '' : ` (${rows.join('; ')})`;
  const head = `${short(subject, 120)}, ${short(rule, 100)}: expected ${short(expected, 200)}, found ${short(observed, 300)}`;
  return short(`${head}${shown}`, 1000);
}

function show(value: string | null): string {
  return value === null ? '(missing)' : JSON.stringify(value);
}

function short(text: string, longest: number): string {
  return text.length <= longest ? text.toWellFormed() : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
