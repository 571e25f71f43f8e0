import { describe, expect, it } from 'vitest';
import type { ChangedLine, Judgement } from '../../pipelines/contracts/judgement.ts';
import { annotateCheck } from '../../reports/annotate-check.ts';
import { renderCheck } from '../../reports/render-check.ts';
import { hostileTexts, judgementWith } from './judgements.ts';

const lines: ChangedLine[] = [
  { kind: 'parameter', name: 'train.trees', file: 'params.yaml', line: 3 },
  { kind: 'policy', name: 'gates', file: 'pulltrain.yml', line: 9 },
  { kind: 'gate', name: 'roc_auc >= base - 0.002', file: 'pulltrain.yml', line: 10 },
  { kind: 'gate', name: 'ece <= 0.05', file: 'pulltrain.yml', line: 11 },
];
const withLines = (judgement: Judgement, changedLines = lines): Judgement => ({
  ...judgement,
  evaluated: { ...judgement.evaluated, changedLines },
});

describe('the remarks of a check beside the lines of a pull request', () => {
  it('tell what changed, what is not obeyed, and which gate does not pass', () => {
    const remarks = annotateCheck(withLines(judgementWith({ swap: true })));
    expect(remarks).toMatchObject([
      { path: 'params.yaml', line: 3, level: 'notice', title: 'train.trees was 100, is ["plain"]' },
      { path: 'pulltrain.yml', line: 9, level: 'warning', title: 'Policy edit, not obeyed here: gates' },
      { path: 'pulltrain.yml', line: 10, level: 'failure', title: 'roc_auc >= base - 0.002: fails' },
    ]);
    expect(remarks[0]?.message).toMatch(
      /^Trained with this: flight-delay: worse than base \(ROC AUC -.*\), fails roc_auc >= base - 0\.002\.$/,
    );
    expect(remarks[2]?.message).toMatch(/below base/);
  });

  it('are none where nothing is known of the lines, and none of gates that pass', () => {
    expect(annotateCheck(judgementWith())).toEqual([]);
    expect(annotateCheck(withLines(judgementWith())).map(({ level }) => level)).toEqual(['notice', 'warning']);
  });

  it('are as many as GitHub takes at once, and short', () => {
    const many = Array.from({ length: 80 }, () => lines[1]).filter((line) => line !== undefined);
    const remarks = renderCheck(withLines(judgementWith({ text: 'long '.repeat(200) }), many)).annotations;
    expect(remarks).toHaveLength(50);
    expect(remarks.every(({ title, message }) => title.length <= 255 && message.length <= 1000)).toBe(true);
  });

  it.each(hostileTexts)('are plain lines whatever stands in them: %j', (text) => {
    const judgement = judgementWith({ text });
    const named = judgement.evaluated.parameterChanges.map(
      ({ name }): ChangedLine => ({ kind: 'parameter', name, file: 'params.yaml', line: 1 }),
    );
    for (const { title, message } of annotateCheck(withLines(judgement, named))) {
      expect(`${title}${message}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
  });
});
