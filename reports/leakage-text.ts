import type { LeakageReport } from '../pipelines/contracts/leakage-report.ts';
import { plainLine } from './escape-markdown.ts';

type Paint = (style: 'bold' | 'dim' | 'green' | 'red' | 'yellow', text: string) => string;

/** A leakage report for a terminal: one line a check, and the first rows of the holdout that it hit. */
export function leakageText({ train, holdout, repeats, findings, status }: LeakageReport, paint: Paint): string {
  const marks = { pass: paint('green', 'pass '), fail: paint('red', 'fail '), shown: paint('yellow', 'shown') };
  const mark = status === 'pass' ? paint('green', '✓') : paint('red', '✗');
  const lines = findings.flatMap(({ check, columns, rows, of, limit, observed, examples, status: one }) => [
    `  ${marks[one]} ${named(check, columns)}: ${plainLine(observed, 300)} (${percent(rows, of)}${limit === null ? '' : `, limit ${percent(limit, 1)}`})`,
    ...examples.map(({ row, values }) => {
      const cells = values.map(({ column, value }) => `${plainLine(column, 60)} ${show(value)}`);
      return paint('dim', `          row ${row}: ${cells.join(', ')}`);
    }),
  ]);
  const coarse =
    repeats === 0
      ? []
      : [
          `${repeats} rows of the holdout (${percent(repeats, holdout.rows)}) equal another one there: so much equality is chance.`,
        ];
  return [
    `${mark} ${paint('bold', plainLine(holdout.path))} (${holdout.rows} rows) against ${plainLine(train.path)} (${train.rows} rows)`,
    ...lines,
    ...coarse,
  ].join('\n');
}

function named(check: string, columns: readonly string[]): string {
  return check === 'exact' || check === 'near'
    ? check
    : `${check} ${columns.map((name) => plainLine(name, 60)).join(', ')}`;
}

function show(value: string | null): string {
  return value === null ? '(missing)' : JSON.stringify(plainLine(value, 80));
}

function percent(rows: number, of: number): string {
  return of === 0 ? '0 %' : `${Number(((100 * rows) / of).toPrecision(3))} %`;
}
