import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../../pipelines/canonical-json.ts';
import { buildRun, joinParts } from '../../../../pipelines/data/store/build-folder.ts';
import { splitFolder } from '../../../../pipelines/data/store/split-folder.ts';
import { encodeTree, parseTree, type TreeEntry } from '../../../../pipelines/data/store/tree.ts';
import { integrityOf } from '../../../../pipelines/integrity.ts';

function folder(entries: readonly TreeEntry[]) {
  const objects = new Map<string, string>();
  const parts = splitFolder(entries, ({ name }) => name, 0).map((run) => {
    const { object, ...sum } = buildRun(run);
    objects.set(object.integrity, object.text);
    return { first: run[0]?.name ?? '', ...sum };
  });
  const { objects: above, ...sum } = joinParts(parts);
  for (const { integrity, text } of above) objects.set(integrity, text);
  return { ...sum, objects };
}

function namesOf(integrity: string, objects: ReadonlyMap<string, string>): string[] {
  const tree = parseTree(objects.get(integrity) ?? '', integrity);
  return 'parts' in tree
    ? tree.parts.flatMap((part) => namesOf(part.integrity, objects))
    : tree.entries.map(({ name }) => name);
}

const entry = (name: string, content = name): TreeEntry => ({
  name,
  type: 'file',
  integrity: integrityOf(content),
  size: content.length,
});
const many = Array.from({ length: 5000 }, (_, index) => entry(`file-${String(index).padStart(6, '0')}`));

describe('the tree of a folder', () => {
  it('holds every entry once, in order, with the sum of bytes and files', () => {
    const { integrity, size, files, objects } = folder(many);
    expect(namesOf(integrity, objects)).toEqual(many.map(({ name }) => name));
    expect([files, size]).toEqual([5000, 5000 * 'file-000000'.length]);
    expect(objects.size).toBeGreaterThan(10);
  });

  it('costs one changed file its own depth and not the folder', () => {
    const before = folder(many);
    for (const changed of [
      many.map((one, index) => (index === 2500 ? entry(one.name, 'other') : one)),
      many.filter((_, index) => index !== 2500),
      [...many.slice(0, 2500), entry('file-002499x'), ...many.slice(2500)],
    ]) {
      const after = folder(changed);
      const fresh = [...after.objects].filter(([integrity]) => !before.objects.has(integrity));
      expect(fresh.length).toBeLessThanOrEqual(4);
      expect(fresh.reduce((sum, [, text]) => sum + text.length, 0)).toBeLessThan(
        encodeTree({ entries: many }).length / 4,
      );
    }
  });

  it('is spelled as canonical JSON, whatever the names', () => {
    const size = fc.nat();
    const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 8 });
    const integrity = fc.constant(integrityOf('content'));
    const file = fc.record({ name, type: fc.constant('file' as const), integrity, size });
    const below = fc.record({ name, type: fc.constant('directory' as const), integrity, size, files: size });
    const part = fc.record({ first: name, integrity, size, files: size });
    const content = fc.oneof(
      fc.array(fc.oneof(file, below), { maxLength: 4 }).map((entries) => ({ entries })),
      fc.array(part, { maxLength: 4 }).map((parts) => ({ parts })),
    );
    fc.assert(
      fc.property(content, (tree) => {
        expect(encodeTree(tree)).toBe(canonicalJson({ kind: 'tree', version: 1, ...tree }));
      }),
    );
  });

  it('has one name for one content, and an empty folder has one, too', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 })), (names) => {
        const good = names.filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..').sort();
        const entries = good.map((name) => entry(name));
        const one = folder(entries);
        expect(namesOf(one.integrity, one.objects)).toEqual(good);
        expect(folder([...entries]).integrity).toBe(one.integrity);
      }),
      { numRuns: 50 },
    );
  });
});

describe('reading a tree', () => {
  it.each([
    ['what is no JSON', '{', 'not the JSON'],
    ['names that lead elsewhere', encodeTree({ entries: [entry('..')] }), 'without "/"'],
    ['names with a slash', encodeTree({ entries: [entry('a/b')] }), 'without "/"'],
    ['entries out of order', encodeTree({ entries: [entry('b'), entry('a')] }), 'not in order'],
    ['the same name twice', encodeTree({ entries: [entry('a'), entry('a')] }), 'not in order'],
    ['other documents', '{"kind":"tree","version":2,"entries":[]}', 'not a tree object'],
  ])('refuses %s', (_, text, sentence) => {
    expect(() => parseTree(text, 'sha512-x')).toThrow(sentence);
  });
});
