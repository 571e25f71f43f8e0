import type { Interval } from '../pipelines/contracts/common.ts';
import type { Comparison, Delta } from '../pipelines/contracts/comparison.ts';
import type { Cost, Evaluation } from '../pipelines/contracts/evaluation.ts';
import type { GateResult, Verdict } from '../pipelines/contracts/verdict.ts';
import { gapTitles, metricTitle } from './metric-title.ts';

/** What was measured of base and head and what gates say of it. All texts are plain: escape them. */
export type MetricRow = {
  title: string;
  direction: 'higher' | 'lower' | null;
  base: number | null;
  head: number | null;
  delta: Delta | null;
  /** Of the head, for where there is no base to compare with. */
  interval: Interval | null;
  gates: readonly { result: GateResult; rule: string }[];
};

/** A row per metric, per gated gap and per gated cost; then one per gate that is about something else. */
export function metricRows(
  comparison: Comparison,
  verdict: Verdict | null,
  { head: measured, base: before }: { head: Evaluation | null; base: Evaluation | null },
): MetricRow[] {
  const intervals = new Map((measured?.metrics ?? []).map(({ name, interval }) => [name, interval]));
  const gates = verdict?.gates ?? [];
  const taken = new Set<GateResult>();
  const gatesOf = (subject: string) => {
    const own = gates.filter((gate) => gate.subject === subject);
    for (const gate of own) taken.add(gate);
    return own.map((result) => ({ result, rule: ruleOf(result) }));
  };
  const metrics = comparison.metrics.map(
    ({ name, direction, base, head, delta }): MetricRow => ({
      title: metricTitle(name),
      direction,
      base,
      head,
      delta,
      interval: intervals.get(name) ?? null,
      gates: gatesOf(name),
    }),
  );
  const gaps = comparison.fairness.flatMap(({ gap, by, base, head, delta }): MetricRow[] => {
    const own = gatesOf(`${gap} by ${by}`);
    return own.length === 0
      ? []
      : [{ title: `${gapTitles[gap]} by ${by}`, direction: 'lower', base, head, delta, interval: null, gates: own }];
  });
  const costs = Object.entries(costTitles).flatMap(([subject, cost]): MetricRow[] => {
    const own = gatesOf(subject);
    const [first] = own;
    if (first === undefined) return [];
    const base = before?.cost === undefined ? null : (cost.of(before.cost) ?? null);
    return [
      {
        title: cost.title,
        direction: 'lower',
        base,
        head: first.result.observed,
        delta: null,
        interval: null,
        gates: own,
      },
    ];
  });
  const others = gates
    .filter((gate) => !taken.has(gate))
    .map(
      (result): MetricRow => ({
        title: subjectTitle(result.subject),
        direction: null,
        base: null,
        head: result.observed,
        delta: null,
        interval: null,
        gates: [{ result, rule: ruleOf(result) || 'must hold' }],
      }),
    );
  return [...metrics, ...gaps, ...costs, ...others];
}

/** The rule without what it is about. */
function ruleOf({ gate, subject, informational }: GateResult): string {
  const rule = (gate.startsWith(subject) ? gate.slice(subject.length) : gate).trim();
  return informational ? `${rule} (informational)`.trim() : rule;
}

/** `roc_auc in every group of region` as people say it. */
function subjectTitle(subject: string): string {
  const title = subject.replaceAll('_', ' ');
  return `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}

const costTitles: Readonly<Record<string, { title: string; of(cost: Cost): number | null }>> = {
  latency_p50_ms: { title: 'Latency of one row, median, ms', of: ({ latencyP50Ms }) => latencyP50Ms },
  latency_p95_ms: { title: 'Latency of one row, p95, ms', of: ({ latencyP95Ms }) => latencyP95Ms },
  size_mb: { title: 'Model file, MB', of: ({ size }) => size / 1e6 },
  load_ms: { title: 'Loading, ms', of: ({ loadMs }) => loadMs },
  memory_mb: { title: 'Memory of the scoring process, MB', of: ({ peakMemory }) => (peakMemory ?? 0) / 1e6 || null },
};
