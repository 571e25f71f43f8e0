import type { Delta } from '../pipelines/contracts/comparison.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { effectOf } from './effect-of.ts';
import { formatChange, formatNumber } from './format-number.ts';
import { gapTitles, metricTitle } from './metric-title.ts';

/** Plain texts: `True positive rate gap by region`, and how it moved: `0.0540 → 0.0981`. */
export type Worsened = { name: string; movement: string };

/**
 * What became worse than base by more than chance and yet breaks no gate: a reviewer should know of it, although nothing
 * stops the merge. The primary metric is left out: the verdict itself is about it. So are its slices when the whole is worse
 * already, and everything whose gate did not pass and speaks for itself.
 */
export function findWorsened({ comparison, verdict }: Judgement): Worsened[] {
  if (comparison === null || comparison.identical) return [];
  const broken = new Set(verdict.gates.filter(({ status }) => status !== 'pass').map(({ subject }) => subject));
  const worse = (subject: string, delta: Delta | null, direction: 'higher' | 'lower') =>
    !broken.has(subject) && effectOf(delta, direction) === 'worse';
  const [primary, ...others] = comparison.metrics;
  const gaps = comparison.fairness
    .filter(({ gap, by, delta }) => worse(`${gap} by ${by}`, delta, 'lower'))
    .map(({ gap, by, base, head }) => ({ name: `${gapTitles[gap]} by ${by}`, movement: movement(base, head) }));
  const metrics = others
    .filter(({ name, delta, direction }) => worse(name, delta, direction))
    .map(({ name, base, head }) => ({ name: metricTitle(name), movement: movement(base, head) }));
  const { delta: whole = null, direction = 'higher' } = primary ?? {};
  const slices = (effectOf(whole, direction) === 'worse' ? [] : (comparison.slices ?? []))
    .filter(({ delta }) => effectOf(delta, direction) === 'worse')
    .map(({ by, group, metric, delta }) => ({
      name: `${metricTitle(metric)} of ${by} ${group}`,
      movement: formatChange(delta?.value ?? null),
    }));
  return [...gaps, ...slices, ...metrics];
}

function movement(base: number | null, head: number | null): string {
  return `${formatNumber(base)} → ${formatNumber(head)}`;
}
