import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { renderCard } from '../../reports/render-card.ts';
import { hostileTexts, judgementWith } from './judgements.ts';
import { blocksOf, nodesOf } from './structure.ts';

function manifest(text = 'hour'): ModelManifest {
  const holdout = judgementWith({ text }).evaluated.headEvaluation?.holdout;
  if (holdout === undefined) throw new Error('the judgement lost its holdout');
  return {
    kind: 'model-manifest',
    version: 1,
    model: 'flight-delay',
    release: '1.1.0',
    tag: 'flight-delay@v1.1.0',
    commit: 'abcdef0123456789abcdef0123456789abcdef01',
    key: integrityOf('key'),
    task: 'binary',
    threshold: 0.5,
    inputs: [{ name: text, type: 'float32' }],
    files: [{ name: 'model.onnx', role: 'model', sha256: 'a'.repeat(64), size: 123_456 }],
    holdout,
    sources: [{ path: text, integrity: integrityOf('data'), origin: 'pointer' }],
    lineage: 'reported',
    verdict: 'pass',
    pull: 2,
    publishedAt: '2026-11-21T02:00:00Z',
  };
}
const body = (card: string) => card.slice(card.indexOf('\n---\n') + 5);

describe('the model card', () => {
  const card = renderCard(manifest(), judgementWith());
  test('has the nine sections of Mitchell et al. in order', () => {
    expect(card.match(/^## .*$/gm)).toEqual([
      '## Model details',
      '## Intended use',
      '## Factors',
      '## Metrics',
      '## Evaluation data',
      '## Training data',
      '## Quantitative analyses',
      '## Ethical considerations',
      '## Caveats and recommendations',
    ]);
  });

  test('says first how good it was found to be, on what and beside what', () => {
    const [, title, , first] = body(card).split('\n');
    expect(title).toBe('# flight-delay 1.1.0');
    expect(first).toMatch(
      /^✅ flight-delay: better than base \(ROC AUC \+0\.\d{4}, .*\)\. Judged in pull request 2 on 3,000 rows of the holdout, beside `flight-delay@v1\.0\.0` as base\.$/,
    );
  });

  test('tells the bytes of the holdout from the choice of rows', () => {
    expect(card).toMatch(/- Bytes of the file: `sha512-[^`]+`\n- Choice of its rows: `sha512-[^`]+`/);
  });

  test('keeps what became worse among its caveats', () => {
    const judgement = judgementWith();
    const [gap] = judgement.comparison?.fairness ?? [];
    if (judgement.comparison === null || gap === undefined) throw new Error('there are gaps');
    const delta = { value: 0.04, low: 0.03, high: 0.05, level: 0.95, method: 'x', p: null, standardError: null };
    const fairness = [{ ...gap, base: 0.054, head: 0.094, delta }];
    const worse = { ...judgement, comparison: { ...judgement.comparison, fairness } };
    expect(renderCard(manifest(), worse)).toContain(
      '- Worse than its base, within what was allowed: True positive rate gap by region 0.0540 → 0.0940',
    );
  });

  test('has a metadata header with verified results', () => {
    const [, header = ''] = card.split('---\n');
    expect(parse(header)).toMatchObject({
      library_name: 'onnx',
      pipeline_tag: 'tabular-classification',
      'model-index': [
        {
          name: 'flight-delay',
          results: [
            {
              task: { type: 'tabular-classification' },
              dataset: { type: 'data/holdout.parquet' },
              metrics: [{ type: 'roc_auc', name: 'ROC AUC', verified: true }, { type: 'log_loss' }, { type: 'ece' }],
            },
          ],
        },
      ],
    });
  });

  test('names the file, its digest and that its lineage is only reported', () => {
    expect(card).toContain(`\`model.onnx\`, 123,456 bytes, sha256 \`${'a'.repeat(64)}\``);
    expect(card).toContain('reported by the training job and has not been reproduced');
  });

  test('keeps its structure whatever names it holds', () => {
    const expected = blocksOf(body(card));
    for (const text of hostileTexts) {
      const hostile = renderCard(manifest(text), judgementWith({ text }));
      expect(blocksOf(body(hostile))).toEqual(expected);
      expect(nodesOf(body(hostile), 'html')).toEqual([]);
      expect(parse(hostile.split('\n---\n')[0]?.slice(4) ?? '')).toMatchObject({ library_name: 'onnx' });
    }
  });
});
