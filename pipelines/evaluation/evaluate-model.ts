import type { Evaluation } from '../contracts/evaluation.ts';
import type { Scorer } from '../ports/scorer.ts';
import { type MeasurePorts, type MeasureSubject, measureModel } from './measure-model.ts';
import { scoreModel } from './score-model.ts';

/** Journey: one ONNX file on one holdout. Throws what opening, `scoreModel` and `measureModel` throw. */
export async function evaluateModel(
  subject: MeasureSubject & { modelPath: string },
  { scorer, ...ports }: MeasurePorts & { scorer: Scorer },
): Promise<{ evaluation: Evaluation; scores: readonly Float64Array[] }> {
  const model = await scorer.open(subject.modelPath);
  try {
    const result = await scoreModel(subject, { ...ports, model });
    return { evaluation: await measureModel(subject, result, ports), scores: result.scores };
  } finally {
    await model.close();
  }
}
