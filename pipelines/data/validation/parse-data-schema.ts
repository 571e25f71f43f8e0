import { z } from 'zod';
import { parseYaml, type YamlFault } from '../../config/parse-yaml.ts';
import { type DataSchema, dataSchemaSchema } from '../../contracts/data-schema.ts';

/**
 * Reads a data schema (`schemas/*.yml`). Throws `ConfigInvalid` with every fault and its line; `file` is what the sentence
 * calls the text.
 */
export function parseDataSchema(text: string, file: string): DataSchema {
  return parseYaml(text, file, dataSchemaSchema, ruleFaults);
}

const loose = z.object({
  columns: z.record(z.string(), z.record(z.string(), z.unknown()).nullable().catch(null)).catch({}),
  label: z
    .looseObject({ task: z.string(), classes: z.array(z.unknown()).optional() })
    .optional()
    .catch(undefined),
  rows: z.object({ min: z.number().optional(), max: z.number().optional() }).optional().catch(undefined),
});

function ruleFaults(value: unknown): YamlFault[] {
  const parsed = loose.safeParse(value);
  if (!parsed.success) return [];
  const { columns, rows, label } = parsed.data;
  const faults = Object.entries(columns).flatMap(([name, rules]) =>
    columnFaults(rules ?? {}).map(({ path, message }) => ({ path: ['columns', name, ...path], message })),
  );
  if (rows?.min !== undefined && rows.max !== undefined && rows.min > rows.max) {
    faults.push({ path: ['rows', 'max'], message: `is less than min (${rows.max} < ${rows.min})` });
  }
  if (label?.task === 'regression' && label.classes !== undefined) {
    faults.push({ path: ['label', 'classes'], message: 'a regression has no classes' });
  }
  return faults;
}

function columnFaults(rules: Record<string, unknown>): { path: string[]; message: string }[] {
  const faults: { path: string[]; message: string }[] = [];
  const type = shortOf(rules.type);
  const bounds = ['min', 'max'].map((name) => ({ name, bound: shortOf(rules[name]) }));
  for (const { name, bound } of bounds) {
    const path = placeOf(name, rules[name]);
    if (typeof bound === 'string' && !isInstant(bound)) {
      faults.push({ path, message: `expected a number, or a day or instant such as "2001-03-31", got "${bound}"` });
    } else if (typeof bound === 'string' && type !== undefined && type !== 'date' && type !== 'timestamp') {
      faults.push({ path, message: `a day needs type date or timestamp, and this is ${String(type)}` });
    } else if (typeof bound === 'number' && type !== undefined && type !== 'integer' && type !== 'number') {
      faults.push({ path, message: `a number needs type integer or number, and this is ${String(type)}` });
    }
  }
  for (const [least, largest] of [
    ['min', 'max'],
    ['min_length', 'max_length'],
  ] as const) {
    const [low, high] = [shortOf(rules[least]), shortOf(rules[largest])];
    if (typeof low === 'number' && typeof high === 'number' && low > high) {
      faults.push({ path: placeOf(largest, rules[largest]), message: `is less than ${least} (${high} < ${low})` });
    }
  }
  return faults;
}

/** The value of a rule, short or long. */
function shortOf(rule: unknown): unknown {
  return typeof rule === 'object' && rule !== null && 'is' in rule ? rule.is : rule;
}

function placeOf(name: string, rule: unknown): string[] {
  return typeof rule === 'object' && rule !== null && 'is' in rule ? [name, 'is'] : [name];
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$/.test(text) && !Number.isNaN(Date.parse(text));
}
