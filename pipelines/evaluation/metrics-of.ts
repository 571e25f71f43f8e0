import type { ModelConfig } from '../config/schema.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { metricCatalogue } from './metric-catalogue.ts';

/** Every metric that policy names, each once: the primary one first. Throws `metric-unsuited`. */
export function metricsOf({ task, metrics }: Pick<ModelConfig, 'task' | 'metrics'>): MetricName[] {
  const names = [...new Set([metrics.primary, ...metrics.also])];
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
