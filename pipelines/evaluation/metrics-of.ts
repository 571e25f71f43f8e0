import type { ModelConfig } from '../config/schema.ts';
import type { MetricName } from '../contracts/evaluation.ts';
import { PulltrainError } from '../errors.ts';
import { metricFacts, metricsOfTask } from './metric-catalogue.ts';

/** Every metric that policy names, each once: the primary one first. Throws `metric-unsuited`. */
export function metricsOf(
  { task, metrics }: Pick<ModelConfig, 'task' | 'metrics'>,
  where = 'pulltrain.yml',
): MetricName[] {
  const names = [...new Set([metrics.primary, ...metrics.also])];
  const unsuited = names.filter((name) => !metricFacts(name).tasks.includes(task));
  if (unsuited.length === 0) return names;
  throw new PulltrainError('metric-unsuited', {
    what: `these metrics are not defined for task ${task}`,
    where,
    seen: unsuited.join(', '),
    allowed: metricsOfTask(task).join(', '),
  });
}
