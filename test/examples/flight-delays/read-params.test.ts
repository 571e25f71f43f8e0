import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readParams } from '../../../examples/flight-delays/src/read-params.ts';

const shipped = new URL('../../../examples/flight-delays/params.yaml', import.meta.url);
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'flight-params-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(text: string): string {
  const file = join(folder, 'params.yaml');
  writeFileSync(file, text);
  return file;
}

it('reads what the example ships', async () => {
  const params = await readParams(write(readFileSync(shipped, 'utf8')));
  expect(params).toMatchObject({
    table: 'data/flights-2001-03.parquet',
    features: ['hour', 'weekday', 'distance'],
    from: '2001-01-01',
    to: '2001-03-31',
  });
});

it('names every fault at once', async () => {
  const text = readFileSync(shipped, 'utf8')
    .replace(/trees: .*/, 'trees: many')
    .replace(/leaves: .*/, 'leaves: 2.5')
    .replace(/sample: .*/, 'sample: 3')
    .replace(/from: .*/, 'from: yesterday')
    .replace(/snapshot: .*/, 'snapshot: ../elsewhere.parquet')
    .replace('- weekday', '- hour');
  const faults = await readParams(write(text)).then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  expect(faults.split('\n')).toEqual([
    expect.stringMatching(/data\.snapshot: expected .* got "\.\.\/elsewhere\.parquet"$/),
    expect.stringMatching(/features: expected a list of different column names, got \["hour","hour","distance"\]$/),
    expect.stringMatching(/train\.from: expected a day .* got "yesterday"$/),
    expect.stringMatching(/train\.trees: expected a number from 1 to 10000, got "many"$/),
    expect.stringMatching(/train\.leaves: expected a whole number, got 2\.5$/),
    expect.stringMatching(/train\.sample: expected a number from 0\.01 to 1, got 3$/),
  ]);
});

it('says so when there is nothing at all', async () => {
  await expect(readParams(write(''))).rejects.toThrow(/features: expected .* got nothing/);
});
