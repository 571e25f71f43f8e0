import { describe, expect, test } from 'vitest';
import { compareEvaluations } from '../../../pipelines/comparison/compare-evaluations.ts';
import { gateSchema } from '../../../pipelines/config/gate-schema.ts';
import { applyGates } from '../../../pipelines/gates/apply-gates.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../comparison/predictions.ts';

const names = ['roc_auc', 'log_loss', 'accuracy'] as const;
const worlds = 200;

/** How many of 200 pull requests that change nothing but chance end as they must not, by gates that have no margin. */
function judgeWorlds(): { failed: number; passed: number; better: number } {
  const at = (rule: object) => names.map((metric) => gateSchema.parse({ metric, ...rule }));
  const [noninferior, superior] = [at({ noninferior: 1e-9 }), at({ superior: 0 })];
  const count = { failed: 0, passed: 0, better: 0 };
  for (let world = 0; world < worlds; world += 1) {
    const drawn = drawPredictions({ rows: 250, lift: 0, seed: 5000 + world });
    const [base, head] = [evaluationOf(drawn.labels, drawn.base, names), evaluationOf(drawn.labels, drawn.head, names)];
    const rows = pairedRows({ ...drawn, groups: [] });
    const comparison = compareEvaluations({ base, head }, rows, { gates: [], protected: [] });
    const has = (gates: typeof superior, status: string) =>
      applyGates('m', { gates, strict: false }, { comparison, evaluation: head, problems: [] }).gates.some(
        (gate) => gate.status === status,
      );
    count.failed += Number(has(noninferior, 'fail'));
    count.passed += Number(has(noninferior, 'pass'));
    count.better += Number(has(superior, 'pass'));
  }
  return count;
}

describe('two equally good models, three gates at their limit', () => {
  const { failed, passed, better } = judgeWorlds();
  // 5 % of 200 are 10; three standard deviations more are 19.
  test('fail about as rarely as stated', () => expect(failed).toBeLessThanOrEqual(19));
  test('pass about as rarely as stated', () => expect(passed).toBeLessThanOrEqual(19));
  test('are rarely called better', () => expect(better).toBeLessThanOrEqual(19));
  test('and not never, which would be a test without power', () => expect(failed + passed).toBeGreaterThan(2));
});
