import type { Delta } from '../pipelines/contracts/comparison.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { effectOf } from './effect-of.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { gapTitles, metricTitles } from './metric-title.ts';

/**
 * What became worse than base by more than chance and yet breaks no gate: a reviewer should know of it, although nothing
 * stops the merge. The primary metric is left out: the verdict itself is about it. Plain texts, e.g. `True positive rate
 * gap by region 0.0540 → 0.0981`; a gate that did not pass speaks for itself.
 */
export function findWorsened({ comparison, verdict }: Judgement): string[] {
  if (comparison === null || comparison.identical) return [];
  const broken = new Set(verdict.gates.filter(({ status }) => status !== 'pass').map(({ subject }) => subject));
  const worse = (subject: string, delta: Delta | null, direction: 'higher' | 'lower') =>
    !broken.has(subject) && effectOf(delta, direction) === 'worse';
  const metrics = comparison.metrics
    .slice(1)
    .filter(({ name, delta, direction }) => worse(name, delta, direction))
    .map(({ name, base, head }) => `${metricTitles[name]} ${movement(base, head)}`);
  const gaps = comparison.fairness
    .filter(({ gap, by, delta }) => worse(`${gap} by ${by}`, delta, 'lower'))
    .map(({ gap, by, base, head }) => `${gapTitles[gap]} by ${by} ${movement(base, head)}`);
  const slices = (comparison.slices ?? [])
    .filter(({ delta }) => effectOf(delta, comparison.metrics[0]?.direction ?? 'higher') === 'worse')
    .map(
      ({ by, group, metric, delta }) =>
        `${metricTitles[metric]} of ${by} ${group} ${formatChange(delta?.value ?? null)}`,
    );
  return [...gaps, ...metrics, ...slices];
}

function movement(base: number | null, head: number | null): string {
  return `${formatNumber(base)} → ${formatNumber(head)}`;
}
