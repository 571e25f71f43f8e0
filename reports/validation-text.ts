import type { CheckResult, ValidationReport } from '../pipelines/contracts/validation-report.ts';
import { plainLine } from './escape-markdown.ts';

type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

/** A validation report for a terminal: one line a broken rule, and the first rows that break it. */
export function validationText(report: ValidationReport, paint: Paint): string {
  const { data, schema, rows, status, errors, warnings, results } = report;
  const counts = [
    ...(errors > 0 ? [paint('red', count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint('yellow', count(warnings, 'warning'))] : []),
    ...(errors + warnings === 0 ? [paint('green', 'every rule holds')] : []),
  ].join(', ');
  const broken = results.filter((result) => result.status === 'fail');
  const ordered = [...broken].sort((left, right) => rank(left) - rank(right));
  const mark = status === 'pass' ? paint('green', '✓') : paint('red', '✗');
  return [
    `${mark} ${paint('bold', plainLine(data))} against ${plainLine(schema)}: ${counts} (${count(rows, 'row')}, ${count(results.length, 'rule')})`,
    ...ordered.flatMap((result) => describe(result, paint)),
  ].join('\n');
}

function describe(result: CheckResult, paint: Paint): string[] {
  const { severity, examples } = result;
  const mark = severity === 'error' ? paint('red', 'error  ') : paint('yellow', 'warning');
  return [
    `  ${mark} ${ruleSentence(result)}`,
    ...examples.map(({ row, values }) => {
      const cells = values.map(({ column, value }) => `${plainLine(column, 60)} ${shown(value)}`);
      return paint('dim', `            row ${row}: ${cells.join(', ')}`);
    }),
  ];
}

/** Column, rule, what was expected and what was seen, in one line of plain text. */
export function ruleSentence({ rule, columns, expected, observed }: CheckResult): string {
  const subject = columns.length === 0 ? 'table' : columns.map((name) => plainLine(name, 60)).join(', ');
  return `${subject}, ${plainLine(rule, 100)}: expected ${plainLine(expected, 200)}, found ${plainLine(observed, 300)}`;
}

function shown(value: string | null): string {
  return value === null ? '(missing)' : JSON.stringify(plainLine(value, 80));
}

function rank({ severity }: CheckResult): number {
  return severity === 'error' ? 0 : 1;
}

function count(amount: number, word: string): string {
  return `${amount} ${word}${amount === 1 ? '' : 's'}`;
}
