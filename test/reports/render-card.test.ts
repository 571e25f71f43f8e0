import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ModelManifest } from '../../pipelines/contracts/model-manifest.ts';
import { integrityOf } from '../../pipelines/integrity.ts';
import { renderCard } from '../../reports/render-card.ts';
import { hostileTexts, judgementWith } from './judgements.ts';
import { fullJudgement } from './page/full-judgement.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

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
const headerOf = (card: string): unknown => parse(card.split('\n---\n')[0]?.slice(4) ?? '');
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
              metrics: [
                { type: 'roc_auc', name: 'ROC AUC, verified by Pulltrain' },
                { type: 'log_loss' },
                { type: 'ece' },
              ],
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

  test('takes what only people know from them, and says what nobody has written', () => {
    const text = {
      intended_use: 'For planning.\n\n- crews\n- gates',
      ethical_considerations: 'No personal data.',
      licence: 'apache-2.0',
      owners: ['Team @ops'],
      tags: ['aviation'],
    };
    const written = renderCard(manifest(), judgementWith(), { text, address: 'https://github.example/acme/flights' });
    expect(written).toContain('For planning.\n\n- crews\n- gates');
    expect(written).toMatch(
      /\*\*Out of scope\*\*\n\n_Not stated: nobody has written `out_of_scope` in `model-card\.yml` yet\._/,
    );
    expect(written).toContain('so this card is incomplete: out of scope, caveats');
    expect(headerOf(written)).toMatchObject({
      license: 'apache-2.0',
      tags: ['onnx', 'tabular', 'pulltrain', 'aviation'],
      'model-index': [{ results: [{ source: { url: 'https://github.example/acme/flights/pull/2' } }] }],
    });
    expect(card).toContain(
      'this card is incomplete: intended use, out of scope, ethical considerations, caveats, licence',
    );
  });

  test('does not say that Hugging Face measured', () => {
    expect(JSON.stringify(headerOf(card))).not.toContain('"verified"');
  });

  test('writes every number as one that YAML 1.1 reads too', () => {
    const judgement = judgementWith();
    const { headEvaluation } = judgement.evaluated;
    if (headEvaluation === null) throw new Error('there is a head');
    const metrics = [1e-7, -2.5e-9, 1e21, 0].map((value) => ({ name: 'mae' as const, value, interval: null, n: 5 }));
    const tiny = {
      ...judgement,
      evaluated: { ...judgement.evaluated, headEvaluation: { ...headEvaluation, metrics } },
    };
    const values = renderCard(manifest(), tiny).match(/(?<=value: ).*/g);
    expect(values).toEqual(['1.0e-7', '-2.5e-9', '1.0e+21', '0']);
  });

  test('keeps unitary and intersectional results apart', () => {
    const full = renderCard(manifest(), fullJudgement());
    const [, unitary = '', crossed = ''] = full.split(/### (?:Unitary|Intersectional) results/);
    expect(unitary).toContain('region: east plain');
    expect(crossed).toContain('plain: plain and hour: 18-24');
    expect(full).toContain('Most important inputs: hour plain, distance plain and plain.');
  });

  test('keeps its structure whatever names it holds', () => {
    const expected = blocksOf(body(card));
    for (const text of hostileTexts) {
      const hostile = renderCard(manifest(text), judgementWith({ text }));
      expect(blocksOf(body(hostile))).toEqual(expected);
      expect(nodesOf(body(hostile), 'html')).toEqual([]);
      expect(headerOf(hostile)).toMatchObject({ library_name: 'onnx' });
    }
  });

  test('keeps its structure whatever its owners write', () => {
    const expected = nodesOf(body(renderCard(manifest(), judgementWith())), 'heading').length;
    for (const text of [
      ...hostileTexts,
      '```\nopen',
      '~~~~\n```\nopen',
      '---\nlicense: mit\n---',
      'a\n---',
      '<!-- x',
    ]) {
      const hostile = renderCard(manifest(), judgementWith(), {
        text: { intended_use: text, caveats: text, licence: text, owners: [text], tags: [text] },
      });
      expect(nodesOf(body(hostile), 'heading')).toHaveLength(expected);
      expect(nodesOf(body(hostile), 'html')).toEqual([]);
      expect(proseOf(body(hostile))).not.toMatch(/@[\w-]/);
      expect(headerOf(hostile)).toMatchObject({ library_name: 'onnx' });
    }
  });
});
