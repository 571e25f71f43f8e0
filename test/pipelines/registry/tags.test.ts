import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelNameSchema } from '../../../pipelines/contracts/common.ts';
import { formatTag } from '../../../pipelines/registry/format-tag.ts';
import { nextVersion } from '../../../pipelines/registry/next-version.ts';
import { parseTag } from '../../../pipelines/registry/parse-tag.ts';

const model = fc
  .stringMatching(/^[a-z0-9][a-z0-9._-]{0,63}$/)
  .filter((name) => modelNameSchema.safeParse(name).success);
const version = fc.tuple(fc.nat(), fc.nat(), fc.nat()).map((parts) => parts.join('.'));

describe('a tag', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(model, version, (name, release) => {
        expect(parseTag(formatTag(name, release))).toEqual({ model: name, version: release });
      }),
    );
  });

  test('any text is either a tag that is written the same way, or none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[a-z]{1,3}@v[0-9.]{1,8}$/)), (text) => {
        const tag = parseTag(text);
        if (tag !== null) expect(formatTag(tag.model, tag.version)).toBe(text);
      }),
    );
  });

  test.each(['v1.0.0', 'm@v1.0', 'm@1.0.0', 'M@v1.0.0', 'm@v01.0.0', 'm@v1.0.0-rc.1', '@v1.0.0', ''])(
    '%j is none',
    (text) => {
      expect(parseTag(text)).toBeNull();
    },
  );
});

describe('the next version', () => {
  test.each([
    [[], '1.0.0'],
    [['other@v9.0.0', 'v3.0.0'], '1.0.0'],
    [['m@v1.0.0'], '1.1.0'],
    [['m@v1.9.0', 'm@v1.10.0', 'm@v1.2.0'], '1.11.0'],
    [['m@v1.9.3', 'm@v2.0.1'], '2.1.0'],
  ])('after %j is %s', (tags, expected) => {
    expect(nextVersion('m', tags)).toBe(expected);
  });
});
