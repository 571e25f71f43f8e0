import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { editParameters, readParameter } from '../../../pipelines/retraining/edit-parameters.ts';

const text = `# before
features: [hour,   weekday] # aligned   by hand
data: { snapshot: data/a.parquet, other: 1 }

train:
    from: "2001-01-01"   # quoted
    to: '2001-03-31'
    plain: 2001-03-31
    trees:   40
`;

describe('editing params.yaml', () => {
  it('changes the values and no other byte', () => {
    const edited = editParameters(text, {
      'data.snapshot': 'data/b.parquet',
      'train.from': '2001-02-01',
      'train.to': '2001-05-31',
      'train.plain': '2001-05-31',
      'train.trees': 60,
    });
    expect(edited).toBe(
      text
        .replace('data/a.parquet', 'data/b.parquet')
        .replace('"2001-01-01"', '"2001-02-01"')
        .replace("'2001-03-31'", "'2001-05-31'")
        .replace('plain: 2001-03-31', 'plain: 2001-05-31')
        .replace('40', '60'),
    );
  });

  it.each([
    ['a name that is not there', 'train.until'],
    ['a list', 'features'],
    ['a mapping', 'train'],
    ['something below a value', 'train.trees.deep'],
  ])('refuses %s', (_, name) => {
    expect(() => editParameters(text, { [name]: 'x' })).toThrow(expect.objectContaining({ code: 'parameter-unknown' }));
  });

  it.each(['a: [', 'just text', '- list', ''])('refuses %j as a file', (bad) => {
    expect(() => editParameters(bad, { a: 1 })).toThrow(expect.objectContaining({ code: 'parameters-unreadable' }));
  });

  it('gives back whatever was put in, in block and in flow, and leaves the rest', () => {
    const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    const style = fc.constantFrom('a', '"a"', "'a'", '1', '~');
    fc.assert(
      fc.property(scalar, style, fc.boolean(), (value, old, flow) => {
        const source = flow ? `x: { p: ${old}, q: 2 } # end\n` : `x:\n  p: ${old} # end\n  q: 2\n`;
        const edited = editParameters(source, { 'x.p': value });
        expect(parse(edited)).toEqual({ x: { p: value, q: 2 } });
        expect(edited).toContain('# end');
        expect(readParameter(edited, 'x.p')).toEqual(value);
      }),
    );
  });

  it('writing what is there keeps the meaning of the file', () => {
    const document = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.oneof(fc.string(), fc.integer()), {
      minKeys: 1,
    });
    fc.assert(
      fc.property(document, (values) => {
        expect(parse(editParameters(stringify(values), values))).toEqual(values);
      }),
    );
  });
});
