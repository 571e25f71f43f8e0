import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Pointer } from '../../../pipelines/contracts/pointer.ts';
import { dataChanges } from '../../../pipelines/data/data-changes.ts';
import { formatPointer } from '../../../pipelines/data/format-pointer.ts';
import { listPointers } from '../../../pipelines/data/list-pointers.ts';
import { parameterChanges } from '../../../pipelines/data/parameter-changes.ts';
import { parsePointer } from '../../../pipelines/data/parse-pointer.ts';
import { integrityOf } from '../../../pipelines/integrity.ts';
import { memoryTree } from '../../fixtures/memory-tree.ts';

const day = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const words = fc.string({ unit: 'grapheme', maxLength: 30 });
const pointers: fc.Arbitrary<Pointer> = fc.record(
  {
    kind: fc.constant('pointer' as const),
    version: fc.constant(1 as const),
    integrity: fc.string().map(integrityOf),
    size: fc.nat(),
    table: fc.record(
      {
        rows: fc.nat(),
        columns: fc.array(fc.record({ name: words, type: words }), { maxLength: 4 }),
        time: fc.record({ column: words, from: day, to: day }),
      },
      { requiredKeys: ['rows', 'columns'] },
    ),
    source: words,
    licence: words,
  },
  { requiredKeys: ['kind', 'version', 'integrity', 'size'] },
);

const pointer = (content: string, table?: Pointer['table']): Pointer => ({
  kind: 'pointer',
  version: 1,
  integrity: integrityOf(content),
  size: content.length,
  ...(table === undefined ? {} : { table }),
});

describe('a pointer', () => {
  it('reads back as it was written, whatever stands in it', () => {
    fc.assert(
      fc.property(pointers, (one) => {
        expect(parsePointer(formatPointer(one), 'x')).toEqual(one);
      }),
    );
  });

  it.each([
    ['', 'not a pointer'],
    ['a: [', 'not readable as YAML'],
    ['#'.repeat(1_048_577), 'longer than'],
    [`${formatPointer(pointer('x'))}extra: 1\n`, 'Unrecognized key: "extra"'],
    [formatPointer(pointer('x')).replace(/sha512-\S+/, 'md5-abc'), 'integrity: expected sha512-<base64>'],
    ['a: &a [1]\nb: *a', 'not readable as YAML'],
  ])('is refused with its fault (%#)', (text, sentence) => {
    expect(() => parsePointer(text, 'data/x.pointer.yml')).toThrow(sentence);
  });
});

describe('changes of data', () => {
  const before = {
    rows: 3,
    columns: [
      { name: 'hour', type: 'INTEGER' },
      { name: 'old', type: 'INTEGER' },
    ],
  };
  const after = {
    rows: 5,
    columns: [
      { name: 'hour', type: 'INTEGER' },
      { name: 'rate', type: 'DOUBLE' },
    ],
  };
  const base = memoryTree({
    'data/a.parquet.pointer.yml': formatPointer(pointer('one', before)),
    'data/same.parquet.pointer.yml': formatPointer(pointer('same')),
    'gone.pointer.yml': formatPointer(pointer('gone')),
  });
  const head = memoryTree({
    'data/a.parquet.pointer.yml': formatPointer(pointer('two', after)),
    'data/same.parquet.pointer.yml': `# looked at\n${formatPointer(pointer('same'))}`,
    'new.pointer.yml': formatPointer(pointer('new')),
    'README.md': '',
  });

  it('tell rows and columns by path, and leave out what is the same', async () => {
    expect(dataChanges(await listPointers(base), await listPointers(head))).toEqual([
      {
        path: 'data/a.parquet',
        base: integrityOf('one'),
        head: integrityOf('two'),
        baseRows: 3,
        headRows: 5,
        columnsAdded: ['rate'],
        columnsRemoved: ['old'],
      },
      expect.objectContaining({ path: 'gone', base: integrityOf('gone'), head: null, baseRows: null }),
      expect.objectContaining({ path: 'new', base: null, head: integrityOf('new'), columnsAdded: [] }),
    ]);
  });

  it('compare a dataset with the one that a parameter named before', async () => {
    const replaced = [
      {
        base: { path: 'data/a.parquet', integrity: integrityOf('one') },
        head: { path: 'data/same.parquet', integrity: integrityOf('same') },
      },
    ];
    const pointers = await listPointers(base);
    expect(dataChanges(pointers, pointers, replaced)).toMatchObject([
      { path: 'data/same.parquet', basePath: 'data/a.parquet', base: integrityOf('one'), head: integrityOf('same') },
    ]);
  });

  it('can be asked of some paths only', async () => {
    expect([...(await listPointers(head, ['data/a.parquet', 'README.md'])).keys()]).toEqual(['data/a.parquet']);
  });
});

describe('changes of parameters', () => {
  it('are named with both values', () => {
    expect(
      parameterChanges({ a: 1, same: [1, { x: 2 }], gone: 'x' }, { a: 2, same: [1, { x: 2 }], added: false }),
    ).toEqual([
      { name: 'a', base: 1, head: 2 },
      { name: 'added', base: null, head: false },
      { name: 'gone', base: 'x', head: null },
    ]);
  });
});
