import { markdownTable } from 'markdown-table';
import type { Comparison, Delta } from '../pipelines/contracts/comparison.ts';
import type { Cost } from '../pipelines/contracts/evaluation.ts';
import type { GateResult, Verdict } from '../pipelines/contracts/verdict.ts';
import { worstStatus } from '../pipelines/contracts/worst-status.ts';
import { effectMark, effectOf } from './effect-of.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatDelta } from './format-delta.ts';
import { formatNumber } from './format-number.ts';
import { gapTitles, metricTitle } from './metric-title.ts';
import { statusIcons } from './status-icon.ts';

/** Metric, what came of it, base, head, change with its interval, gate: a row per metric, per gated gap and per gated cost. */
export function metricTable(comparison: Comparison, verdict: Verdict, baseCost: Cost | null): string {
  const gatesOf = (subject: string) => verdict.gates.filter((gate) => gate.subject === subject);
  const metrics = comparison.metrics.map((metric) => {
    const title = `${metricTitle(metric.name)} ${metric.direction === 'higher' ? '↑' : '↓'}`;
    return row(title, metric, gatesOf(metric.name));
  });
  const gaps = comparison.fairness.flatMap((change) => {
    const gates = gatesOf(`${change.gap} by ${change.by}`);
    const title = `${gapTitles[change.gap]} by ${escapeMarkdown(change.by)} ↓`;
    return gates.length === 0 ? [] : [row(title, { ...change, direction: 'lower' }, gates)];
  });
  const costs = verdict.gates.flatMap((gate) => {
    const cost = costTitles[gate.subject];
    if (cost === undefined) return [];
    const base = baseCost === null ? null : cost.of(baseCost);
    return [row(`${cost.title} ↓`, { base, head: gate.observed, delta: null, direction: 'lower' }, [gate])];
  });
  // The result stands first: on a telephone it is all that fits beside the name.
  const header = ['Metric', 'Result', 'Base', 'Head', 'Change [95 % CI]', 'Gate'];
  const align = ['l', 'l', 'r', 'r', 'l', 'l'];
  return markdownTable([header, ...metrics, ...gaps, ...costs], { align, alignDelimiters: false, padding: true });
}

const costTitles: Readonly<Record<string, { title: string; of(cost: Cost): number }>> = {
  latency_p95_ms: { title: 'Latency of one row, p95, ms', of: ({ latencyP95Ms }) => latencyP95Ms },
  size_mb: { title: 'Model file, MB', of: ({ size }) => size / 1e6 },
  load_ms: { title: 'Loading, ms', of: ({ loadMs }) => loadMs },
};

type Row = { base: number | null; head: number | null; delta: Delta | null; direction: 'higher' | 'lower' };

function row(title: string, { base, head, delta, direction }: Row, gates: readonly GateResult[]): string[] {
  const rules = gates.map(({ gate, subject, informational }) => {
    const rule = escapeMarkdown(gate.startsWith(subject) ? gate.slice(subject.length) : gate);
    return informational ? `${rule} (informational)` : rule;
  });
  const icon = gates.length === 0 ? '' : statusIcons[worstStatus(gates.map(({ status }) => status))];
  const result = [icon, effectMark(effectOf(delta, direction))].filter((part) => part !== '').join('\u00a0');
  return [title, result, formatNumber(base), formatNumber(head), formatDelta(delta), rules.join('; ')];
}
