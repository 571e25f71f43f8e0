import type { Interval } from '../contracts/common.ts';
import type { Comparison } from '../contracts/comparison.ts';
import { type Change, claimChange } from './claim-change.ts';
import { judgeDrop } from './judge-drop.ts';
import { judgeLimit } from './judge-limit.ts';
import type { Finding } from './judged.ts';

/** What a gate asks of a metric, wherever it is taken. */
export type Rule =
  | { noninferior: number }
  | { superior: number }
  | { max_drop: number | string }
  | { min: number }
  | { max: number };

/** One rule held against one metric of all rows or of a slice. A metric that is undefined for the head breaks it. */
export function applyRule(
  rule: Rule,
  change: Change & { interval: Interval | null; reason?: string },
  comparison: Pick<Comparison, 'base' | 'identical'>,
): Finding {
  const { name, head, interval, n, reason } = change;
  if ('noninferior' in rule || 'superior' in rule) return claimChange(change, rule, comparison);
  if ('max_drop' in rule) return { judged: judgeDrop(change, rule.max_drop, comparison) };
  const limit = 'min' in rule ? rule.min : rule.max;
  if (head !== null) return { judged: judgeLimit({ name, value: head, interval, n }, rule) };
  const message = `${name} is undefined on these rows${reason === undefined ? '' : `: ${reason}`}`;
  return { judged: { status: 'fail', observed: null, limit, low: null, high: null, n, message } };
}
