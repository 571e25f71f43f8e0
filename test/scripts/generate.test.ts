import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { configSchema } from '../../pipelines/config/schema.ts';
import { generate } from '../../scripts/generate.ts';
import { listFields } from '../../scripts/reference/list-fields.ts';
import { readSchema } from '../../scripts/reference/read-schema.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-generate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const paths = [
  'README.md',
  'docs/reference/pulltrain.schema.json',
  'docs/reference/data-schema.schema.json',
  'docs/reference/split-rule.schema.json',
  'docs/reference/model-card.schema.json',
  'docs/reference/cleaning-recipe.schema.json',
  'docs/reference/configuration.md',
  'docs/reference/actions.md',
  'docs/reference/cli.md',
  'docs/reference/documents.md',
];

test('the committed reference is what the sources say', async () => {
  expect(await generate(root, { check: true })).toEqual([]);
});

test('a check names the files that differ and writes nothing', async () => {
  await generate(folder, { check: false });
  const file = join(folder, 'docs/reference/configuration.md');
  await writeFile(file, 'by hand');
  await rm(join(folder, 'docs/reference/actions.md'));
  const stale = ['docs/reference/configuration.md', 'docs/reference/actions.md'];
  expect(await generate(folder, { check: true })).toEqual(stale);
  expect(await readFile(file, 'utf8')).toBe('by hand');
  expect(await generate(folder, { check: false })).toEqual(stale);
  expect(await generate(folder, { check: true })).toEqual([]);
});

test('nothing is there at first, and everything is written', async () => {
  expect(await generate(folder, { check: false })).toEqual(paths);
});

describe('the JSON schema for editors', () => {
  const validate = async () =>
    new Ajv2020({ strict: false, formats: {} }).compile(
      JSON.parse(await readFile(join(root, 'docs/reference/pulltrain.schema.json'), 'utf8')),
    );

  test('accepts the configuration of the example', async () => {
    const check = await validate();
    const config: unknown = parse(await readFile(join(root, 'examples/flight-delays/pulltrain.yml'), 'utf8'));
    expect(check(config), JSON.stringify(check.errors)).toBe(true);
  });

  test('refuses a misspelled key and a value of another kind', async () => {
    const check = await validate();
    const model = {
      task: 'binary',
      output: 'm.onnx',
      holdout: { data: 'h', target: 't' },
      metrics: { primary: 'ece' },
    };
    expect(check({ version: 1, models: { m: model } })).toBe(true);
    expect(check({ version: 1, models: { m: { ...model, gate: [] } } })).toBe(false);
    expect(check({ version: 1, models: { m: { ...model, timeout: '5' } } })).toBe(false);
    expect(check({ version: 1, models: { m: { ...model, threshold: 1.5 } } })).toBe(false);
  });
});

test('every key of the configuration has a meaning', () => {
  const fields = listFields(readSchema(configSchema, 'input')).flatMap((table) => table.fields);
  expect(fields.length).toBeGreaterThan(60);
  expect(fields.filter((field) => field.meaning === '').map((field) => field.path)).toEqual([]);
});
