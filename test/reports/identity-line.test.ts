import { expect, test } from 'vitest';
import type { Wear } from '../../pipelines/contracts/holdout-wear.ts';
import { identityLine } from '../../reports/identity-line.ts';
import { judgementWith } from './judgements.ts';

function lineWith(wear: Wear | undefined): string {
  const judgement = judgementWith();
  return identityLine({ ...judgement, evaluated: { ...judgement.evaluated, ...(wear && { wear }) } });
}
const wear = { judged: 12, since: '2026-11-01', warn: 50, limit: 200, factor: 1 };

test('the identity line says how often the rows have judged', () => {
  expect(lineWith(wear)).toMatch(/ rows, which judged 12 other candidates since 2026-11-01 · /);
  expect(lineWith({ ...wear, judged: 1 })).toMatch(/ rows, which judged 1 other candidate since 2026-11-01 · /);
  expect(lineWith({ ...wear, judged: 0, since: null })).toMatch(/ rows, which judged no other candidate yet · /);
});

test('a judgement from before there was a count says nothing of it', () => {
  expect(lineWith(undefined)).not.toContain('candidate');
});
