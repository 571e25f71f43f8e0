import { markdownTable } from 'markdown-table';
import { compareEvaluations } from '../../pipelines/comparison/compare-evaluations.ts';
import { gateSchema } from '../../pipelines/config/gate-schema.ts';
import type { MetricName } from '../../pipelines/contracts/evaluation.ts';
import { applyGates } from '../../pipelines/gates/apply-gates.ts';
import { drawPredictions, evaluationOf, pairedRows } from '../pipelines/comparison/predictions.ts';

// How often comparisons are wrong, in worlds whose truth is known: node test/bench/calibration.ts [worlds] [rows]

const worlds = Number(process.argv[2] ?? 1000);
const rows = Number(process.argv[3] ?? 2000);
const settings = { resamples: 1000 };
const names: MetricName[] = [
  'roc_auc',
  'pr_auc',
  'log_loss',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
  'mcc',
];
const gated = ['roc_auc', 'pr_auc', 'log_loss', 'accuracy'] as const;
/** As good as no margin, so that no change lies at the limit: the hardest case of a gate that must not fail. */
const gates = gated.map((metric) => gateSchema.parse({ metric, noninferior: 1e-9 }));

/** Two models of the same worth that were trained apart, compared in many worlds. */
function main(): void {
  const covered = new Map<string, number>(names.map((name) => [name, 0]));
  const count = { failed: 0, failedAlone: 0, passed: 0, passedAlone: 0 };
  for (let world = 0; world < worlds; world += 1) {
    const drawn = drawPredictions({ rows, lift: 0, seed: 1000 + world });
    const [base, head] = [drawn.base, drawn.head].map((scores) => evaluationOf(drawn.labels, scores, names));
    if (base === undefined || head === undefined) continue;
    const policy = { gates, protected: [] };
    const comparison = compareEvaluations({ base, head }, pairedRows({ ...drawn, groups: [] }), policy, settings);
    for (const { name, delta } of comparison.metrics) {
      if (delta !== null && delta.low <= 0 && delta.high >= 0) covered.set(name, (covered.get(name) ?? 0) + 1);
    }
    const judge = (own: typeof gates) =>
      applyGates('m', { gates: own, strict: false }, { comparison, evaluation: head, problems: [] }).gates;
    const statuses = judge(gates).map(({ status }) => status);
    const alone = gates.flatMap((gate) => judge([gate])).map(({ status }) => status);
    count.failed += Number(statuses.includes('fail'));
    count.failedAlone += Number(alone.includes('fail'));
    count.passed += Number(statuses.includes('pass'));
    count.passedAlone += Number(alone.includes('pass'));
    if (world % 50 === 49) process.stderr.write(`${world + 1} of ${worlds}\n`);
  }
  const share = (hits: number) => {
    const rate = hits / worlds;
    return `${(100 * rate).toFixed(1)} % ± ${(196 * Math.sqrt((rate * (1 - rate)) / worlds)).toFixed(1)}`;
  };
  const table = [
    [`${worlds} comparisons of two equally good models, ${rows} rows`, 'seen', 'stated'],
    ...names.map((name) => [`interval of ${name} holds no change`, share(covered.get(name) ?? 0), '95 %']),
    [`one of ${gates.length} gates fails`, share(count.failed), 'at most 5 %'],
    ['the same without Holm', share(count.failedAlone), ''],
    [`one of ${gates.length} gates at its limit passes`, share(count.passed), 'at most 5 %'],
    ['the same without Holm', share(count.passedAlone), ''],
  ];
  process.stdout.write(`${markdownTable(table, { align: ['l', 'r', 'r'] })}\n`);
}

main();
