import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTables } from '../../../../adapters/duckdb/open-tables.ts';
import { tableReadingSchema } from '../../../../pipelines/contracts/table-reading.ts';
import { formatDraft } from '../../../../pipelines/data/validation/format-draft.ts';
import { inferSchema } from '../../../../pipelines/data/validation/infer-schema.ts';
import { parseDataSchema } from '../../../../pipelines/data/validation/parse-data-schema.ts';
import { slackBounds } from '../../../../pipelines/data/validation/slack-bounds.ts';
import { validateTable } from '../../../../pipelines/data/validation/validate-table.ts';
import type { Tables } from '../../../../pipelines/ports/tables.ts';

let tables: Tables;
let folder: string;
beforeAll(async () => {
  tables = await openTables({ threads: 2 });
  folder = await mkdtemp(join(tmpdir(), 'pulltrain-infer-'));
});
afterAll(async () => {
  tables.close();
  await rm(folder, { recursive: true });
});

async function infer(text: string, given: object = {}) {
  const file = join(folder, 'data.csv');
  await writeFile(file, text);
  const draft = await inferSchema(tables, file, tableReadingSchema.parse(given));
  return { draft, schema: parseDataSchema(formatDraft(draft, 'data.csv'), 'inferred.yml') };
}

async function broken(text: string, schema: Awaited<ReturnType<typeof infer>>['schema']): Promise<string[]> {
  const file = join(folder, 'other.csv');
  await writeFile(file, text);
  const subject = { file, data: 'other.csv', schema, schemaPath: 's', now: new Date(0) };
  const { results } = await validateTable(subject, tables);
  return results.filter(({ status }) => status === 'fail').map(({ columns, rule }) => `${columns.join('+')} ${rule}`);
}

const rows = Array.from({ length: 200 }, (_, index) =>
  [
    index,
    index % 24,
    ['AA', 'BB'][index % 2],
    index % 50 === 0 ? 'NA' : index / 10,
    `2001-05-${String((index % 28) + 1).padStart(2, '0')}`,
    `0${index % 7}`,
  ].join(','),
);
const text = `id,hour,carrier,delay,day,zip\n${rows.join('\n')}\n`;

describe('an inferred schema', () => {
  it('tells types, ranges with room, categories, missing values and keys', async () => {
    const { draft } = await infer(text);
    expect(draft).toEqual({
      version: 1,
      read: { delimiter: ',', header: true, missing: ['NA'] },
      rows: { min: 100 },
      columns: {
        id: { type: 'integer', missing: 0, min: 0, max: 220, unique: true },
        hour: { type: 'integer', missing: 0, min: 0, max: 26 },
        carrier: { type: 'text', missing: 0, values: ['AA', 'BB'] },
        delay: { type: 'number', missing: 0.05, min: 0, max: 22 },
        day: { type: 'date', missing: 0, min: '2001-05-01' },
        zip: { type: 'text', missing: 0, values: ['00', '01', '02', '03', '04', '05', '06'] },
      },
      undeclared: 'warn',
    });
  });

  it('holds its own data, and catches every corruption of it', async () => {
    const { schema } = await infer(text);
    expect(await broken(text, schema)).toEqual([]);
    const [header = '', ...lines] = text.trimEnd().split('\n');
    const corrupt = (change: (line: string) => string) =>
      `${header}\n${lines.map((line, at) => (at === 9 ? change(line) : line)).join('\n')}\n`;
    expect(
      await broken(
        corrupt((line) => line.replace('BB', 'bb')),
        schema,
      ),
    ).toEqual(['carrier values']);
    expect(
      await broken(
        corrupt((line) => line.replace(/^9,9/, '9,99')),
        schema,
      ),
    ).toEqual(['hour max']);
    expect(
      await broken(
        corrupt((line) => line.replace(/^9,9/, '8,9')),
        schema,
      ),
    ).toEqual(['id unique']);
    expect(
      await broken(
        corrupt((line) => line.replace(/^9,9/, '9,')),
        schema,
      ),
    ).toEqual(['hour missing']);
    expect(
      await broken(
        corrupt((line) => line.replace('2001', '1901')),
        schema,
      ),
    ).toEqual(['day min']);
    expect(await broken(text.replace('delay', 'dely'), schema)).toEqual(['delay present', 'dely undeclared']);
    expect(await broken(`${header}\n${lines.slice(0, 60).join('\n')}\n`, schema)).toEqual([' rows']);
  });

  it('takes a doubtful marker for missing only where all else is a number', async () => {
    const country = ['NA', 'DE', 'FR'].flatMap((one) => Array.from({ length: 30 }, () => one));
    const { draft } = await infer(`country\n${country.join('\n')}\n`);
    expect(draft.columns.country?.values).toEqual(['DE', 'FR', 'NA']);
    expect(draft.read?.missing).toBeUndefined();
  });

  it('holds its own data, whatever the data is', async () => {
    const cell = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.constantFrom('', '?', 'NA', 'true', ' x ', '007', '2001-02-03', '"a,b"', "'", 'é🙂'),
    );
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(table, async (cells) => {
        const csv = `left,right\n${cells.map((row) => row.join(',')).join('\n')}\n`;
        const { schema } = await infer(csv, { header: true, delimiter: ',' });
        expect(await broken(csv, schema)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

describe('bounds with room', () => {
  it('hold what was seen and keep zero and one', () => {
    expect(slackBounds(0, 1)).toEqual({ min: 0, max: 1 });
    expect(slackBounds(3, 23)).toEqual({ min: 1, max: 25 });
    expect(slackBounds(-5, 5)).toEqual({ min: -6, max: 6 });
    fc.assert(
      fc.property(
        fc.double({ min: -1e12, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        (least, span) => {
          const { min, max } = slackBounds(least, least + span);
          expect(min).toBeLessThanOrEqual(least);
          expect(max).toBeGreaterThanOrEqual(least + span);
        },
      ),
    );
  });
});
