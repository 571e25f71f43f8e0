import type { ModelTensor } from '../ports/scorer.ts';
import { quoteName } from '../quote-sql.ts';

type Read = { name: string; sql: string };
/** What to count in a column: `gaps` is true of a value that does not fit, `example` one of them. */
type Check = { name: string; gaps: string; example: string; wanted: string };

export type InputPlan = { reads: Read[]; checks: Check[]; faults: string[] };

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/;
/** Numbers that a float32 holds exactly as a double would be rounded to it. */
const narrow = /^(U?(TINY|SMALL)INT|U?INTEGER|FLOAT|BOOLEAN)$/;
/** Text of these is no category. */
const nested = /(\[\d*\]|^STRUCT\(.*|^MAP\(.*|^UNION\(.*|^BLOB|^BIT)$/s;

/** For each input the column that fills it and how that is read as the type that the input wants. */
export function inputColumns(
  inputs: readonly ModelTensor[],
  columns: ReadonlyMap<string, string>,
  targets: readonly string[],
): InputPlan {
  const plan: InputPlan = { reads: [], checks: [], faults: [] };
  for (const { name, type, shape } of inputs) {
    const found = columns.get(name);
    const width = shape.slice(1).reduce((product, size) => product * size, 1);
    if (width > 1) {
      plan.faults.push(
        `input ${name} takes ${width} columns at once, and nothing says which: give the model an input [N,1] for each, by its name`,
      );
    } else if (found === undefined) plan.faults.push(`no column ${name}, which input ${name} of ${type} wants`);
    else if (targets.includes(name)) plan.faults.push(`input ${name} is what the model has to predict`);
    else addInput(plan, { name, type, found });
  }
  return plan;
}

function addInput(plan: InputPlan, { name, type, found }: { name: string; type: string; found: string }): void {
  const column = quoteName(name);
  const read = (sql: string) => plan.reads.push({ name, sql });
  if (type === 'string') {
    if (nested.test(found)) plan.faults.push(`input ${name} is string, column ${name} is ${found}`);
    else read(`coalesce(CAST(${column} AS VARCHAR), '')`);
    return;
  }
  if (!numeric.test(found)) {
    plan.faults.push(`input ${name} is ${type}, column ${name} is ${found}`);
    return;
  }
  const check = (gaps: string, wanted: string) =>
    plan.checks.push({ name, gaps, example: `any_value(${column}) FILTER (WHERE ${gaps})`, wanted });
  switch (type) {
    case 'float32':
      // A double beyond the range of floats is an infinity, as in every runtime, and no error as in the engine.
      return void read(`CAST(${column} AS ${narrow.test(found) ? 'FLOAT' : 'DOUBLE'})`);
    case 'float64':
      return void read(`CAST(${column} AS DOUBLE)`);
    case 'int32':
    case 'int64': {
      const target = type === 'int32' ? 'INTEGER' : 'BIGINT';
      check(`TRY_CAST(${column} AS ${target}) IS DISTINCT FROM ${column} AND ${column} IS NOT NULL`, type);
      return void read(`TRY_CAST(${column} AS ${target})`);
    }
    case 'bool':
      check(`CAST(${column} AS DOUBLE) NOT IN (0, 1)`, 'bool');
      return void read(`CAST(CAST(${column} AS DOUBLE) AS UTINYINT)`);
    default:
      plan.faults.push(`input ${name} is of type ${type}, which no column can fill`);
  }
}
