import type { Curves, Evaluation } from '../../../pipelines/contracts/evaluation.ts';
import type { Explanation } from '../../../pipelines/contracts/explanation.ts';
import type { FairnessValue } from '../../../pipelines/contracts/fairness.ts';
import { type Judgement, judgementSchema } from '../../../pipelines/contracts/judgement.ts';
import { judgementWith } from '../judgements.ts';

/** A judgement with everything that its documents may hold, and `text` wherever a stranger may write. */
export function fullJudgement(options: { text?: string; swap?: boolean } = {}): Judgement {
  const { text = 'plain' } = options;
  const judgement = judgementWith(options);
  const { headEvaluation: head, baseEvaluation: base } = judgement.evaluated;
  if (head === null || base === null || judgement.comparison === null) throw new Error('there are two evaluations');
  return judgementSchema.parse({
    ...judgement,
    evaluated: {
      ...judgement.evaluated,
      headEvaluation: { ...richer(head, text, 1.2), explanation: explanationWith(text) },
      baseEvaluation: richer(base, text, 1),
    },
    comparison: {
      ...judgement.comparison,
      groupFairness: {
        threshold: 0.5,
        level: 0.95,
        minGroup: 100,
        overall: { tpr: rate(0.6) },
        attributes: [
          {
            by: 'region',
            columns: ['region'],
            groups: ['east', 'north', 'west'].map((name, at) => ({
              group: `${name} ${text}`,
              values: [`${name} ${text}`],
              n: 1000,
              share: 1 / 3,
              leftOut: 0,
              measures: { tpr: rate(0.55 + at / 20), fpr: rate(0.2), selection_rate: rate(0.4) },
            })),
            disparities: [],
            criteria: [],
            fourFifths: null,
            tests: [],
            small: [],
          },
        ],
      },
    },
  });
}

function rate(value: number): FairnessValue {
  return { value, low: value - 0.03, high: value + 0.03, n: 400, base: value - 0.01 };
}

function richer(evaluation: Evaluation, text: string, power: number): Evaluation {
  const [primary] = evaluation.metrics;
  if (primary === undefined) throw new Error('nothing was measured');
  return {
    ...evaluation,
    metrics: evaluation.metrics.map((metric) => ({
      ...metric,
      baseline: { predictor: `prior ${text}`, value: 0.5 },
    })),
    undefinedMetrics: [{ name: 'ndcg@10', value: null, reason: `no query ${text}`, n: 0 }],
    conventions: { ece: `15 bins ${text}` },
    curves: curvesWith(text, power),
    slices: ['east', 'north', 'west'].map((name, at) => ({
      by: `region ${text}`,
      group: `${name} ${text}`,
      n: 1000,
      metrics: [
        {
          name: primary.name,
          value: primary.value + (at - 1) / 50,
          interval: { low: primary.value - 0.05, high: primary.value + 0.05, level: 0.95 },
          n: 1000,
        },
      ],
    })),
    worstSlices: {
      loss: 'log_loss',
      test: `Welch's t against all other rows, Holm ${text}`,
      tested: 40,
      minSize: 50,
      rows: 3000,
      columns: [text],
      overall: 0.5,
      slices: [
        {
          where: [
            { by: text, group: text },
            { by: 'hour', group: '18-24' },
          ],
          n: 214,
          value: 0.71,
          difference: 0.22,
          interval: { low: 0.11, high: 0.33, level: 0.95 },
          p: 1e-5,
          adjustedP: 4e-4,
        },
      ],
    },
  };
}

function curvesWith(text: string, power: number): Curves {
  const steps = Array.from({ length: 41 }, (_, at) => at / 40);
  const bins = Array.from({ length: 10 }, (_, at) => at / 10);
  return {
    roc: [
      {
        class: null,
        points: steps.map((x) => ({
          falsePositiveRate: x,
          truePositiveRate: x ** (1 / (2 * power)),
          threshold: x === 0 ? null : 1 - x,
        })),
      },
    ],
    precisionRecall: [
      {
        class: null,
        points: steps.map((x) => ({ recall: x, precision: 1 - 0.6 * x ** power, threshold: x === 0 ? null : 1 - x })),
      },
    ],
    reliability: {
      of: `mean score and share of positives ${text}`,
      bins: bins.map((from) => ({
        from,
        to: from + 0.1,
        n: 300,
        predicted: from + 0.05,
        observed: Math.min(1, (from + 0.05) ** (power === 1 ? 0.8 : 1.05)),
        low: Math.max(0, from - 0.01),
        high: Math.min(1, from + 0.11),
      })),
    },
    gain: steps.map((share) => {
      const captured = share ** (1 / (1.6 * power));
      return { share, captured, lift: share === 0 ? 0 : captured / share };
    }),
    confusion: {
      classes: [`no ${text}`, `yes ${text}`],
      counts: [
        [1400, 300],
        [500, 800],
      ],
    },
    scores: {
      edges: [...bins, 1],
      groups: [
        { group: `no ${text}`, counts: bins.map((from) => Math.round(300 * Math.exp(-((from - 0.25) ** 2) / 0.05))) },
        { group: `yes ${text}`, counts: bins.map((from) => Math.round(250 * Math.exp(-((from - 0.6) ** 2) / 0.05))) },
      ],
    },
    residuals: { edges: [-2, -1, 0, 1, 2], counts: [10, 90, 80, 20] },
  };
}

function explanationWith(text: string): Explanation {
  const interval = { low: 0.01, high: 0.03, level: 0.95 };
  const names = ['hour', 'distance', text, 'month', 'carrier'];
  const side = (sha256: string, shift: number) => ({
    sha256,
    score: 0.7,
    importance: names.map((feature, at) => ({
      feature: feature === text ? feature : `${feature} ${text}`,
      value: Math.max(0, 0.06 - at * 0.015 + shift),
      deviation: 0.002,
      interval: at === 4 ? null : { low: 0.05 - at * 0.015, high: 0.07 - at * 0.015 + shift, level: 0.95 },
    })),
    attributions: {
      method: 'exact' as const,
      rows: 60,
      background: 50,
      coalitions: 32,
      baseline: [0.4],
      features: names.map((feature, input) => ({
        feature: feature === text ? feature : `${feature} ${text}`,
        output: 'score',
        meanAbsolute: 0.05 / (input + 1),
        interval,
        points: Array.from({ length: 60 }, (_, at) => ({
          place: input === 4 ? null : at / 59,
          shap: ((at - 30) / 300 / (input + 1)) * (at % 3 === 0 ? 1.6 : 1),
        })),
      })),
    },
    dependence: [
      {
        feature: text,
        output: 'score',
        rows: 200,
        points: Array.from({ length: 12 }, (_, at) => ({
          at: at * 2,
          mean: 0.3 + shift + 0.02 * at,
          interval: { low: 0.28 + 0.02 * at, high: 0.33 + 0.02 * at, level: 0.95 },
        })),
        lines: [Array.from({ length: 12 }, (_, at) => 0.25 + 0.03 * at)],
      },
      {
        feature: `carrier ${text}`,
        output: 'score',
        rows: 200,
        points: [
          { at: text, mean: 0.31, interval },
          { at: 'b', mean: 0.42, interval: null },
        ],
      },
    ],
  });
  return {
    kind: 'explanation',
    version: 1,
    model: 'flight-delay',
    metric: { name: 'roc_auc', direction: 'higher' },
    outputs: ['score'],
    sample: { rows: 2000, of: 3000, repeats: 5, seed: 1 },
    head: side('a'.repeat(64), 0.005),
    base: side('b'.repeat(64), 0),
    change: names.map((feature, at) => ({
      feature,
      base: at === 1 ? null : 0.02,
      head: at === 3 ? null : 0.03,
      delta:
        at === 1 || at === 3 ? null : { value: 0.01 - at * 0.008, interval: { ...interval, low: 0.002 - at / 50 } },
    })),
  };
}
