import { describe, expect, test } from 'vitest';
import type { Judgement, RunEntry } from '../../../pipelines/contracts/judgement.ts';
import { modelManifestSchema } from '../../../pipelines/contracts/model-manifest.ts';
import { integrityOf, integrityOfDocument } from '../../../pipelines/integrity.ts';
import { makeManifest } from '../../../pipelines/registry/make-manifest.ts';
import { planRelease, type ReleaseFacts } from '../../../pipelines/registry/plan-release.ts';
import { readReleaseMarker, releaseMarker } from '../../../pipelines/registry/release-marker.ts';
import { judgementWith } from '../../reports/judgements.ts';

const drawn = judgementWith();
const judgement: Judgement = { ...drawn, verdict: { ...drawn.verdict, status: 'pass' } };
const key = judgement.evaluated.key ?? '';
const entry: RunEntry = {
  kind: 'run-entry',
  version: 1,
  model: 'flight-delay',
  key,
  sha256: judgement.evaluated.headEvaluation?.sha256 ?? '',
  status: 'pass',
  artifact: { runId: 1, name: 'pulltrain-run' },
  evidence: { runId: 2, name: 'pulltrain-judgement' },
  judgement: { path: 'judgements/flight-delay/a.json', integrity: integrityOfDocument(judgement) },
  pull: 2,
  headSha: 'a'.repeat(40),
  recordedAt: '2026-11-21T01:05:00Z',
};
const facts: ReleaseFacts = {
  model: 'flight-delay',
  key,
  entry,
  judgement,
  tags: ['flight-delay@v1.0.0'],
  existing: null,
  quarantined: new Set(),
};
const made = { commit: 'c'.repeat(40), publishedAt: '2026-11-21T02:00:00Z', features: [] };

function planned() {
  const plan = planRelease(facts);
  if (plan.decision !== 'release') throw new Error('a release was expected');
  return plan;
}
const existing = makeManifest({ ...planned(), version: '1.0.0', tag: 'flight-delay@v1.0.0' }, [], made);

describe('a push to the default branch', () => {
  test('with a run that passed is the next version', () => {
    expect(planRelease(facts)).toMatchObject({ decision: 'release', version: '1.1.0', tag: 'flight-delay@v1.1.0' });
  });

  test('without a run is nothing', () => {
    expect(planRelease({ ...facts, entry: null, judgement: null })).toEqual({ decision: 'nothing-judged' });
  });

  test('with a run that is released already is that release, whatever else is known', () => {
    expect(planRelease({ ...facts, existing, entry: null })).toEqual({
      decision: 'released-already',
      manifest: existing,
    });
  });

  test('with a release that was rolled back is refused', () => {
    const rolledBack = { ...facts, existing, quarantined: new Set(['1.0.0']) };
    expect(() => planRelease(rolledBack)).toThrow(expect.objectContaining({ code: 'release-quarantined' }));
  });
});

const { evaluated } = judgement;
const other = integrityOf('other');
test.each<[string, Partial<ReleaseFacts>, RegExp]>([
  ['no judgement', { judgement: null }, /no judgement with an evaluation/],
  ['another model', { entry: { ...entry, model: 'other' } }, /about model other/],
  ['another key in the entry', { entry: { ...entry, key: other } }, /the entry has another key/],
  [
    'a judgement that was edited',
    { judgement: { ...judgement, judgedAt: '2026-11-22T00:00:00Z' } },
    /not the one that was recorded/,
  ],
  ['another verdict', { entry: { ...entry, status: 'fail' } }, /differ in the verdict/],
  ['other bytes', { entry: { ...entry, sha256: 'f'.repeat(64) } }, /about other bytes/],
  [
    'no evaluation',
    { judgement: { ...judgement, evaluated: { ...evaluated, headEvaluation: null } } },
    /not the one that was recorded/,
  ],
])('%s is no evidence', (_, change, message) => {
  expect(() => planRelease({ ...facts, ...change })).toThrow(message);
  expect(() => planRelease({ ...facts, ...change })).toThrow(expect.objectContaining({ code: 'evidence-mismatch' }));
});

test.each(['fail', 'inconclusive', 'error'] as const)('a verdict of %s is not released', (status) => {
  const judged = { ...judgement, verdict: { ...judgement.verdict, status } };
  const recorded = { ...entry, status, judgement: { ...entry.judgement, integrity: integrityOfDocument(judged) } };
  expect(() => planRelease({ ...facts, entry: recorded, judgement: judged })).toThrow(
    expect.objectContaining({ code: 'verdict-not-pass' }),
  );
});

test('the manifest says what was judged, and what is only reported', () => {
  const files = [{ name: 'model.onnx', role: 'model' as const, sha256: entry.sha256, size: 10 }];
  const manifest = makeManifest(planned(), files, made);
  expect(modelManifestSchema.parse(manifest)).toEqual(manifest);
  expect(manifest).toMatchObject({
    release: '1.1.0',
    key,
    pull: 2,
    verdict: 'pass',
    lineage: 'reported',
    files,
    commit: made.commit,
    publishedAt: made.publishedAt,
  });
  expect(manifest).not.toHaveProperty('features');
  const pins = [{ service: 'flights@v1', definition: key, views: [{ view: 'rates', definition: key, version: key }] }];
  const pinned = makeManifest(planned(), files, { ...made, features: pins });
  expect(modelManifestSchema.parse(pinned).features).toEqual(pins);
  expect(manifest.holdout).toEqual(evaluated.headEvaluation?.holdout);
});

describe('the marker in the notes', () => {
  test('is read back as it was written', () => {
    expect(readReleaseMarker(`${releaseMarker(key)}\n# Notes`)).toBe(key);
  });

  test.each(['', '# Notes', ` ${releaseMarker(key)}`, '<!-- pulltrain:release key=no -->'])('%j has none', (notes) => {
    expect(readReleaseMarker(notes)).toBeNull();
  });
});
