import type { SweepPlan } from '../contracts/sweep.ts';

/**
 * What a training program reported of the metric of a sweep: the one that the plan names, else the one with the metric's
 * own name, else the only one whose name ends with it, such as `validation_roc_auc`. A sentence when there is none.
 */
export function reportedValue(
  { name, reported }: SweepPlan['metric'],
  metrics: Readonly<Record<string, number>>,
): { value: number; name: string } | { missing: string } {
  const wanted = reported ?? name;
  const names = Object.keys(metrics);
  const fitting = Object.hasOwn(metrics, wanted)
    ? [wanted]
    : names.filter((one) => reported === null && one.endsWith(`_${name}`));
  const [only, ...others] = fitting;
  const value = only === undefined ? undefined : metrics[only];
  if (only !== undefined && value !== undefined && others.length === 0 && Number.isFinite(value)) {
    return { value, name: only };
  }
  if (others.length > 0)
    return { missing: `several reported metrics end with ${name}: ${fitting.join(', ')}; name one` };
  return { missing: `no metric ${wanted} was reported, only ${names.slice(0, 10).join(', ') || 'none'}` };
}
