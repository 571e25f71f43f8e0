import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../pipelines/canonical-json.ts';

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

describe('canonical JSON', () => {
  it('reads back as the same value, and does not see the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('has one zero, sorts by code unit and leaves out what is undefined', () => {
    expect(canonicalJson({ b: -0, a: undefined, Z: 1e21, é: 'é' })).toBe('{"Z":1e+21,"b":0,"é":"é"}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, undefined, new Date(0), [undefined]])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  });
});
