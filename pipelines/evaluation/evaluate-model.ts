import type { Evaluation } from '../contracts/evaluation.ts';
import type { Scorer } from '../ports/scorer.ts';
import { measureRobustness } from '../robustness/measure-robustness.ts';
import { drawRows } from './draw-rows.ts';
import { type MeasurePorts, type MeasureSubject, measureModel, SEED } from './measure-model.ts';
import { scoreModel } from './score-model.ts';

export type EvaluateSubject = Omit<MeasureSubject, 'side'> & {
  modelPath: string;
  /** Whether it is also asked what it makes of inputs that are not as they were. */
  robustness: boolean;
};

/** Journey: one ONNX file on one holdout. Throws what opening, `scoreModel` and `measureModel` throw. */
export async function evaluateModel(
  subject: EvaluateSubject,
  { scorer, ...ports }: MeasurePorts & { scorer: Scorer },
): Promise<{ evaluation: Evaluation; scores: readonly Float64Array[] }> {
  const { rows } = drawRows(subject.loaded);
  const model = await scorer.open(subject.modelPath);
  try {
    const result = await scoreModel({ ...subject, sample: rows }, { ...ports, model });
    const { scores, observed } = result;
    const evaluation = await measureModel({ ...subject, side: 'head' }, result, ports);
    if (!subject.robustness) return { evaluation, scores };
    const robustness = await measureRobustness({ ...subject, rows, observed, seed: SEED }, model, () =>
      scorer.open(subject.modelPath),
    );
    return { evaluation: { ...evaluation, robustness }, scores };
  } finally {
    await model.close();
  }
}
