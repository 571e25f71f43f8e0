import type { MetricName } from '../../../pipelines/contracts/evaluation.ts';
import { formatNumber } from '../../format-number.ts';
import { metricTitle } from '../../metric-title.ts';
import type { Subject } from '../subject.ts';

/** `ROC AUC 0.7123 (95 % CI 0.7089 to 0.7157), base 0.7012`; empty where it was not measured. */
export function describeMetric({ head, base }: Subject, name: MetricName): string {
  const found = head?.metrics.find((metric) => metric.name === name);
  if (found === undefined) return '';
  const { value, interval } = found;
  const range =
    interval === null
      ? ''
      : ` (${Math.round(interval.level * 100)} % CI ${formatNumber(interval.low)} to ${formatNumber(interval.high)})`;
  const before = base?.metrics.find((metric) => metric.name === name);
  return `${metricTitle(name)} ${formatNumber(value)}${range}${before === undefined ? '' : `, base ${formatNumber(before.value)}`}`;
}
