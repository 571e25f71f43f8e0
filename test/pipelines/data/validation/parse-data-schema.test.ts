import { describe, expect, it } from 'vitest';
import { ConfigInvalid } from '../../../../pipelines/config/config-invalid.ts';
import { parseDataSchema } from '../../../../pipelines/data/validation/parse-data-schema.ts';

function faults(text: string): string[] {
  try {
    parseDataSchema(text, 's.yml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    return error.faults.map(({ line, path, message }) => `${line} ${path}: ${message}`);
  }
}

describe('a data schema', () => {
  it('may write a rule short or long', () => {
    const schema = parseDataSchema(
      'version: 1\ncolumns:\n  a: { max: 3 }\n  b: { max: { is: 3, severity: warning } }\n',
      's',
    );
    expect(schema.columns).toMatchObject({ a: { max: 3 }, b: { max: { is: 3, severity: 'warning' } } });
  });

  it('has all its faults told at once, with their lines', () => {
    expect(
      faults(`version: 1
columns:
  hour: { type: integre, mn: 3 }
  age: { type: integer, min: 5, max: 3 }
  day: { type: date, min: 31.5.2001 }
  code: { type: text, min: 3, pattern: 7 }
rows: { min: 9, max: 3 }
rules:
  - { chek: a > b }
label: { column: y, task: regression, classes: [0, 1] }
`),
    ).toEqual([
      expect.stringMatching(/^3 columns.hour.type: expected .*"integer".*got "integre"/),
      expect.stringMatching(/^3 columns.hour.mn: unknown key "mn"; did you mean "min"\?/),
      '4 columns.age.max: is less than min (3 < 5)',
      expect.stringMatching(/^5 columns.day.min: expected a number, or a day or instant/),
      '6 columns.code.min: a number needs type integer or number, and this is text',
      expect.stringMatching(/^6 columns.code.pattern: expected text, got 7/),
      '7 rows.max: is less than min (3 < 9)',
      expect.stringMatching(/^9 rules.0.chek: unknown key "chek"; did you mean "check"\?/),
      '10 label.classes: a regression has no classes',
    ]);
  });
});
