import fc from 'fast-check';
import { expect, it } from 'vitest';
import { declaredModels } from '../../../pipelines/config/declared-models.ts';

it.each([
  ['with faults inside', 'version: 7\nmodels:\n  first: { task: nothing }\n  second: 3\n', ['first', 'second']],
  ['with YAML that breaks off behind them', 'models:\n  first:\n    task: "binary\n  gates: [', ['first']],
  ['with a name that is none', 'models:\n  good: {}\n  "<b>": {}\n', ['good']],
  ['without models', 'version: 1\n', []],
  ['with models of another shape', 'models: [first]\n', []],
  ['that is no YAML', '\t: : [', []],
])('names the models of a configuration %s', (_, text, names) => {
  expect(declaredModels(text)).toEqual(names);
});

it('reads nothing from a text that is too long', () => {
  expect(declaredModels(`models: { first: {} }\n${'#'.repeat(300_000)}`)).toEqual([]);
});

it('takes any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const name of declaredModels(`models:\n  ${text}`)) expect(name).toMatch(/^[a-z0-9]/);
    }),
  );
});
