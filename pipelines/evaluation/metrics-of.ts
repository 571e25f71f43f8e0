import type { ModelConfig } from '../config/schema.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { metricCatalogue } from './metric-catalogue.ts';

/** Every metric that policy names, each once: primary, also, then those that only a gate asks for. Throws `metric-unsuited`. */
export function metricsOf({ task, metrics, gates }: Pick<ModelConfig, 'task' | 'metrics' | 'gates'>): MetricName[] {
  const gated = gates.flatMap((gate) => ('metric' in gate ? [gate.metric] : []));
  const names = [...new Set([metrics.primary, ...metrics.also, ...gated])];
  const unsuited = names.filter((name) => metricCatalogue[name].task !== task);
  if (unsuited.length === 0) return names;
  throw new PulltrainError('metric-unsuited', {
    what: `these metrics are not defined for task ${task}`,
    where: 'pulltrain.yml',
    seen: unsuited.join(', '),
    allowed: Object.entries(metricCatalogue)
      .flatMap(([name, facts]) => (facts.task === task ? [name] : []))
      .join(', '),
  });
}
