import type { Gate } from '../config/gate-schema.ts';
import type { GateKind } from '../contracts/verdict.ts';
import { metricFacts } from '../evaluation/metric-catalogue.ts';
import type { MetricGate } from './judge-metric.ts';
import type { RobustnessGate } from './judge-robustness.ts';

/** The rule as a reader writes it, e.g. `roc_auc >= base - 0.002`, what it is about, and its kind. */
export function describeGate(gate: Gate): { gate: string; subject: string; kind: GateKind } {
  if ('metric' in gate) return describeMetric(gate);
  if ('cost' in gate) {
    const rule = 'max' in gate ? gate.max : `base + ${gate.max_rise}`;
    return { gate: `${gate.cost} <= ${rule}`, subject: gate.cost, kind: 'cost' };
  }
  if ('fairness' in gate) {
    const subject = `${gate.fairness} by ${gate.by}`;
    if ('min' in gate) return { gate: `${subject} >= ${gate.min}`, subject, kind: 'fairness' };
    const rule = 'max' in gate ? gate.max : `base + ${gate.noninferior}`;
    return { gate: `${subject} <= ${rule}`, subject, kind: 'fairness' };
  }
  if ('calibration' in gate) {
    const error = gate.calibration === 'ece' ? 'ece' : 'mean calibration error';
    const subject = gate.by === undefined ? error : `${error} in every group of ${gate.by}`;
    return { gate: `${subject} <= ${gate.max}`, subject, kind: 'calibration' };
  }
  if ('robustness' in gate) return describeRobustness(gate);
  if ('data' in gate) {
    const subject = `data ${gate.data}`;
    return { gate: `${subject} <= ${gate.max}`, subject, kind: 'data' };
  }
  if ('drift' in gate) {
    const what = gate.drift === 'distance' ? 'distance' : 'change of missing values';
    const subject = `${what} of ${gate.columns?.join(', ') ?? 'any column'} in training data`;
    return { gate: `${subject} <= ${gate.max}`, subject, kind: 'drift' };
  }
  if ('reproducibility' in gate) {
    const subject = reproducibilities[gate.reproducibility];
    return { gate: subject, subject, kind: 'reproducibility' };
  }
  if ('provenance' in gate) {
    const subject = `every dataset names its ${gate.provenance.join(' and ')}`;
    return { gate: subject, subject, kind: 'provenance' };
  }
  return { gate: `every dataset is under ${gate.licences.join(' or ')}`, subject: 'licences', kind: 'provenance' };
}

const perturbations = {
  missing: 'a missing value',
  out_of_range: 'a value out of range',
  unseen: 'an unseen value',
  noise: 'noise',
  garbage: 'nonsense',
  any: 'any disturbed input',
} as const;

function describeRobustness(gate: RobustnessGate): ReturnType<typeof describeGate> {
  const under = perturbations[gate.robustness];
  const [what, limit] =
    'max_failures' in gate
      ? ['failures', gate.max_failures]
      : 'max_changed' in gate
        ? ['changed decisions', gate.max_changed]
        : ['loss of quality', gate.max_drop];
  const subject = `${what} under ${under}`;
  return { gate: `${subject} <= ${limit}`, subject, kind: 'robustness' };
}

const reproducibilities = {
  clean: 'trained from a clean checkout',
  key: 'made from what git holds',
  reproduced: 'reproduced on the trusted side',
} as const;

function describeMetric(gate: MetricGate): { gate: string; subject: string; kind: GateKind } {
  const subject = `${gate.metric}${placeOf(gate)}`;
  if ('min' in gate) return { gate: `${subject} >= ${gate.min}`, subject, kind: 'absolute' };
  if ('max' in gate) return { gate: `${subject} <= ${gate.max}`, subject, kind: 'absolute' };
  const [sign, worse, better] =
    metricFacts(gate.metric).direction === 'higher' ? (['>=', '-', '+'] as const) : (['<=', '+', '-'] as const);
  if ('noninferior' in gate) {
    return { gate: `${subject} ${sign} base ${worse} ${gate.noninferior}`, subject, kind: 'noninferior' };
  }
  if ('superior' in gate) {
    const margin = gate.superior === 0 ? '' : ` ${better} ${gate.superior}`;
    return { gate: `${subject} ${sign[0]} base${margin}`, subject, kind: 'superior' };
  }
  return { gate: `${subject} ${sign} base ${worse} ${gate.max_drop}`, subject, kind: 'relative' };
}

function placeOf({ slice, slices }: MetricGate): string {
  if (slice !== undefined) {
    return ` of ${Object.entries(slice)
      .map(([by, group]) => `${by} ${group}`)
      .join(', ')}`;
  }
  if (slices === undefined) return '';
  return slices === 'all' ? ' of every slice' : ` of every ${slices.join(' and every ')}`;
}
