import type { Comparison } from '../../pipelines/contracts/comparison.ts';
import type { Evaluation } from '../../pipelines/contracts/evaluation.ts';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';

/** What a page is about: a judgement with all that stands behind it, or an evaluation on its own, or two of them compared. */
export type Subject = {
  model: string;
  head: Evaluation | null;
  base: Evaluation | null;
  comparison: Comparison | null;
  judgement: Judgement | null;
};

/** All that the pictures of an explanation need. */
export type Explained = { head: Pick<Evaluation, 'explanation'> | null };

export function subjectOfJudgement(judgement: Judgement): Subject {
  const { model, comparison, evaluated } = judgement;
  return { model, head: evaluated.headEvaluation, base: evaluated.baseEvaluation, comparison, judgement };
}
