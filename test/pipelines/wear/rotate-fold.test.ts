import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../pipelines/config/parse-config.ts';
import { rotateFold } from '../../../pipelines/wear/rotate-fold.ts';

const config = (fold: string, name = 'flight-delay') => `# policy
version: 1
models:
  ${name}:
    task: binary
    output: out/model.onnx
    holdout: { data: d.parquet, target: late${fold} } # use: 1
    metrics: { primary: roc_auc }
`;
function rotate(text: string, name = 'flight-delay') {
  const model = parseConfig(text, 'pulltrain.yml').models[name];
  if (model === undefined) throw new Error('no model');
  return rotateFold(text, { name, holdout: model.holdout });
}

describe('going on to the next part', () => {
  test('changes one number and no other byte', () => {
    const text = config(', fold: { of: 5, use: 1 }');
    expect(rotate(text)).toEqual({ text: text.replace('use: 1 }', 'use: 2 }'), use: 2, of: 5 });
  });

  test('finds a model whose name has dots, and a fold of several lines', () => {
    const text = config('', 'v1.delay').replace(
      'holdout: { data: d.parquet, target: late }',
      'holdout:\n      data: d.parquet\n      target: late\n      fold:\n        use: 9 # of ten\n        of: 10',
    );
    expect(rotate(text, 'v1.delay').text).toBe(text.replace('use: 9 #', 'use: 10 #'));
  });

  test('is refused with what to do instead: no parts, all used, or a number written elsewhere', () => {
    expect(() => rotate(config(''))).toThrow(/pulltrain data add.*holdout\.fold/s);
    expect(() => rotate(config(', fold: { of: 5, use: 5 }'))).toThrow(/begin at part 1 again/);
    const alias = config(', wear: { warn: &n 2 }, fold: { of: 5, use: *n }');
    expect(() => rotate(alias)).toThrow(/Change it to 3 by hand/);
  });
});
