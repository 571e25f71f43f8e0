import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import type { BoostSettings } from './boost.ts';

/** `params.yaml`, checked. Days are `YYYY-MM-DD`, both inclusive. */
export type Params = {
  /** What is read: `data.table`, which a stage makes, or else the snapshot itself. */
  table: string;
  features: string[];
  from: string;
  to: string;
  validationDays: number;
  boost: BoostSettings;
};

const path = /^\w[\w./-]*$/;

/** Reads and checks the parameters. @throws Error that lists every fault, one a line. */
export async function readParams(file: string): Promise<Params> {
  const document: unknown = parse(await readFile(file, 'utf8'));
  const faults: string[] = [];
  const params: Params = {
    table: text(
      lookUp(document, 'data.table') === undefined ? 'data.snapshot' : 'data.table',
      path,
      'the path of a file in this repository',
    ),
    features: names('features'),
    from: text('train.from', /^\d{4}-\d{2}-\d{2}$/, 'a day such as 2001-01-31'),
    to: text('train.to', /^\d{4}-\d{2}-\d{2}$/, 'a day such as 2001-01-31'),
    validationDays: integer('train.validation_days', 1, 365),
    boost: {
      trees: integer('train.trees', 1, 10_000),
      leaves: integer('train.leaves', 2, 1024),
      learningRate: number('train.learning_rate', 0.001, 1),
      minRowsPerLeaf: integer('train.min_rows_per_leaf', 1, 1_000_000),
      l2: number('train.l2', 0, 1_000_000),
      sample: number('train.sample', 0.01, 1),
      seed: integer('train.seed', 0, 2 ** 32 - 1),
    },
  };
  if (faults.length > 0) throw new Error(faults.map((fault) => `${file}: ${fault}`).join('\n'));
  return params;

  function fault(name: string, expected: string, value: unknown): void {
    faults.push(`${name}: expected ${expected}, got ${JSON.stringify(value) ?? 'nothing'}`);
  }

  function text(name: string, pattern: RegExp, expected: string): string {
    const value = lookUp(document, name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    fault(name, expected, value);
    return '';
  }

  function names(name: string): string[] {
    const value = lookUp(document, name);
    const isList = Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
    if (isList && new Set(value).size === value.length) return value;
    fault(name, 'a list of different column names', value);
    return [];
  }

  function number(name: string, least: number, most: number): number {
    const value = lookUp(document, name);
    if (typeof value === 'number' && value >= least && value <= most) return value;
    fault(name, `a number from ${least} to ${most}`, value);
    return Number.NaN;
  }

  function integer(name: string, least: number, most: number): number {
    const value = number(name, least, most);
    if (!Number.isNaN(value) && !Number.isInteger(value)) fault(name, 'a whole number', value);
    return value;
  }
}

/** Value at a dotted name, or undefined. */
function lookUp(document: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (value, key) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined,
      document,
    );
}
