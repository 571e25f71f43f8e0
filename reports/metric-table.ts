import { markdownTable } from 'markdown-table';
import type { Comparison, Delta } from '../pipelines/contracts/comparison.ts';
import type { Cost } from '../pipelines/contracts/evaluation.ts';
import type { GateResult, Verdict } from '../pipelines/contracts/verdict.ts';
import { worstStatus } from '../pipelines/contracts/worst-status.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { gapTitles, metricTitles } from './metric-title.ts';
import { statusIcons } from './status-icon.ts';

/** Metric, base, head, change with its interval, gate, icon: a row per metric, per gated gap and per gated cost. */
export function metricTable(comparison: Comparison, verdict: Verdict, baseCost: Cost | null): string {
  const gatesOf = (subject: string) => verdict.gates.filter((gate) => gate.subject === subject);
  const metrics = comparison.metrics.map((metric) => {
    const title = `${metricTitles[metric.name]} ${metric.direction === 'higher' ? '↑' : '↓'}`;
    return row(title, metric.base, metric.head, metric.delta, gatesOf(metric.name));
  });
  const gaps = comparison.fairness.flatMap((change) => {
    const gates = gatesOf(`${change.gap} by ${change.by}`);
    const title = `${gapTitles[change.gap]} by ${escapeMarkdown(change.by)} ↓`;
    return gates.length === 0 ? [] : [row(title, change.base, change.head, change.delta, gates)];
  });
  const costs = verdict.gates.flatMap((gate) => {
    const cost = costTitles[gate.subject];
    if (cost === undefined) return [];
    return [row(`${cost.title} ↓`, baseCost === null ? null : cost.of(baseCost), gate.observed, null, [gate])];
  });
  const header = ['Metric', 'Base', 'Head', 'Δ [95 % CI]', 'Gate', ''];
  const align = ['l', 'r', 'r', 'l', 'l', 'c'];
  return markdownTable([header, ...metrics, ...gaps, ...costs], { align, alignDelimiters: false, padding: true });
}

const costTitles: Readonly<Record<string, { title: string; of(cost: Cost): number }>> = {
  latency_p95_ms: { title: 'Latency of one row, 95th percentile, ms', of: ({ latencyP95Ms }) => latencyP95Ms },
  size_mb: { title: 'Model file, MB', of: ({ size }) => size / 1e6 },
  load_ms: { title: 'Loading, ms', of: ({ loadMs }) => loadMs },
};

function row(
  title: string,
  base: number | null,
  head: number | null,
  delta: Delta | null,
  gates: readonly GateResult[],
): string[] {
  const rules = gates.map(({ gate, subject, informational }) => {
    const rule = escapeMarkdown(gate.startsWith(subject) ? gate.slice(subject.length) : gate);
    return informational ? `${rule} (informational)` : rule;
  });
  const icon = gates.length === 0 ? '' : statusIcons[worstStatus(gates.map(({ status }) => status))];
  return [title, formatNumber(base), formatNumber(head), change(delta), rules.join('; '), icon];
}

function change(delta: Delta | null): string {
  if (delta === null) return '–';
  return `${formatChange(delta.value)} \\[${formatChange(delta.low)}, ${formatChange(delta.high)}\\]`;
}
