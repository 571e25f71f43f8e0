import { describe, expect, test } from 'vitest';
import type { DriftFinding, DriftReport } from '../../pipelines/contracts/drift-report.ts';
import { renderDriftIssue } from '../../reports/render-drift-issue.ts';
import { hostileTexts } from './judgements.ts';
import { blocksOf, nodesOf, proseOf } from './structure.ts';

function finding(text: string, status: DriftFinding['status']): DriftFinding {
  return {
    subject: text,
    kind: 'covariate',
    measure: 'Jensen-Shannon distance',
    observed: 0.31,
    threshold: 0.1,
    reference: 0.2,
    current: 0.3,
    n: 10_000,
    status,
    message: `${text} moved by 0.31, allowed 0.10`,
  };
}
function report(text = 'distance', drifted = 3): DriftReport {
  return {
    kind: 'drift-report',
    version: 1,
    repository: 'acme/flight-delays',
    model: 'flight-delay',
    environment: 'production',
    release: '1.1.0',
    tag: 'flight-delay@v1.1.0',
    window: { from: '2001-06-01', to: '2001-06-15' },
    rows: 250_000,
    labelled: 240_000,
    status: 'fail',
    findings: [...Array.from({ length: drifted }, () => finding(text, 'fail')), finding(text, 'pass')],
    checkedAt: '2026-11-21T01:05:00Z',
  };
}

describe('the issue of a drift episode', () => {
  const { title, body } = renderDriftIssue(report(), { watch: 'https://github.example/runs/3' });
  test('has a title that says what, where and how many', () => {
    expect(title).toBe('flight-delay has drifted in production: distance, distance and 1 more');
  });

  test('starts with the marker of its episode', () => {
    expect(body.split('\n')[0]).toBe(
      '<!-- pulltrain:episode model=flight-delay environment=production release=1.1.0 -->',
    );
  });

  test('says what drifted, by how much and what to do', () => {
    expect(body).toContain('2001-06-01 to 2001-06-15 (250,000 scored rows, 240,000 of them labelled), 3 of 4 things');
    expect(body).toContain('- distance moved by 0.31, allowed 0.10');
    expect(body).toContain(
      '| ❌ | `distance` | 0.3100 | 0.1000 | mean 0.2000 → 0.3000 | Jensen-Shannon distance | covariate | 10,000 |',
    );
    expect(body).toContain('1. **Rule out a broken feed**: look at where `distance` comes from.');
    expect(body).toContain('2. **If the world has moved, retrain**: comment `/retrain` here.');
    expect(body).toContain('3. **Or leave it**');
  });

  test('shows failures, and collapses what holds and what cannot be told', () => {
    const unknown = {
      ...finding('weekday', 'inconclusive'),
      message: 'weekday: 3 rows, and nothing is said below 300',
    };
    const { body } = renderDriftIssue({
      ...report(),
      findings: [finding('hour', 'pass'), ...report().findings, unknown],
    });
    const [open = '', ...collapsed] = body.split('<details>');
    expect(open).not.toContain('✅');
    expect(open.match(/❌/g)).toHaveLength(3);
    expect(collapsed.map((section) => section.split('\n')[1])).toEqual([
      '<summary>Cannot be told yet: 1</summary>',
      '<summary>Looked at and as at release: 2</summary>',
    ]);
    expect(collapsed[0]).toContain('- weekday: 3 rows, and nothing is said below 300');
    expect(collapsed[1]).toContain('| ✅ | `hour` |');
  });

  test('says as what a thing was and is', () => {
    const of = (change: Partial<DriftFinding>) =>
      renderDriftIssue({ ...report(), findings: [{ ...finding('x', 'fail'), ...change }] }).body;
    expect(of({ measure: 'share of missing values' })).toContain('| share 0.2000 → 0.3000 |');
    expect(of({ kind: 'quality', subject: 'roc_auc', measure: 'loss of roc_auc' })).toContain(
      '| roc_auc 0.2000 → 0.3000 |',
    );
    expect(of({ reference: null, current: null })).toContain('| – |');
  });

  test('advises by what drifted, and nothing when nothing did', () => {
    const of = (kind: DriftFinding['kind'], status: DriftFinding['status'] = 'fail') =>
      renderDriftIssue({ ...report(), findings: [{ ...finding('x', status), kind }] }).body;
    expect(of('health')).toContain('1. **Look at the service**');
    expect(of('health')).not.toContain('/retrain');
    expect(of('quality')).toContain('revert the pull request that released `flight-delay@v1.1.0`');
    expect(of('concept')).toContain('scores no longer mean what they say');
    expect(of('covariate', 'pass')).toContain('Nothing: all that was looked at is as at release.');
  });

  test('is not changed in its structure by the names of columns or environments', () => {
    const expected = blocksOf(renderDriftIssue(report()).body);
    // Behind the marker, only the collapsed section is HTML.
    const htmlOf = (markdown: string) =>
      nodesOf(markdown, 'html')
        .slice(1)
        .map(({ value }) => value);
    const plain = htmlOf(renderDriftIssue(report()).body);
    expect(plain).toHaveLength(2);
    for (const text of hostileTexts) {
      const hostile = { ...report(text), environment: `production --> ${text}` };
      const rendered = renderDriftIssue(hostile).body;
      expect(blocksOf(rendered)).toEqual(expected);
      expect(htmlOf(rendered)).toEqual(plain);
      expect(nodesOf(rendered, 'link')).toEqual([]);
      expect(proseOf(rendered)).not.toMatch(/@[\w-]|#\d/);
    }
  });

  test('fits, with what drifted first', () => {
    for (const cap of [60_000, 5000, 2000, 500]) {
      const small = renderDriftIssue(report('distance', 400), {}, { cap }).body;
      expect(Buffer.byteLength(small)).toBeLessThanOrEqual(cap);
      expect(small).toContain('400 of 401 things');
    }
  });
});
