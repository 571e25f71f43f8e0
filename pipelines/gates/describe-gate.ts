import type { Gate } from '../config/gate-schema.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';

/** The rule as a reader writes it, e.g. `roc_auc >= base - 0.002`, and what it is about. */
export function describeGate(gate: Gate): { gate: string; subject: string } {
  if ('cost' in gate) return { gate: `${gate.cost} <= ${gate.max}`, subject: gate.cost };
  if ('fairness' in gate) {
    const subject = `${gate.fairness} by ${gate.by}`;
    return { gate: `${subject} <= ${gate.max}`, subject };
  }
  if ('min' in gate) return { gate: `${gate.metric} >= ${gate.min}`, subject: gate.metric };
  if ('max' in gate) return { gate: `${gate.metric} <= ${gate.max}`, subject: gate.metric };
  const higher = metricFacts(gate.metric).direction === 'higher';
  const rule = higher ? `>= base - ${gate.noninferior}` : `<= base + ${gate.noninferior}`;
  return { gate: `${gate.metric} ${rule}`, subject: gate.metric };
}
