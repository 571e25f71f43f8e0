import type { Comparison, FairnessChange } from '../pipelines/contracts/comparison.ts';
import type { GateResult, Verdict } from '../pipelines/contracts/verdict.ts';
import { effectOf } from './effect-of.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { formatDelta } from './format-delta.ts';
import { formatNumber } from './format-number.ts';
import { gapTitles } from './metric-title.ts';
import { statusIcons } from './status-icon.ts';

/** Columns that get a line; the tables tell all. */
const most = 5;

/**
 * A line per protected column that is read at a glance: the gap that matters most, between whom, how it moved from base and
 * what its gate says. Empty when nothing is protected.
 */
export function fairnessLines({ fairness }: Comparison, verdict: Verdict): string {
  const columns = [...new Set(fairness.map(({ by }) => by))];
  const lines = columns.slice(0, most).map((by) => {
    const own = fairness.filter((change) => change.by === by);
    return `- Fairness by ${escapeMarkdown(by)}: ${describeColumn(own, verdict.gates)}`;
  });
  return [...lines, ...(columns.length > most ? [`- …and ${columns.length - most} more columns`] : [])].join('\n');
}

function describeColumn(changes: readonly FairnessChange[], gates: readonly GateResult[]): string {
  const gatesOf = ({ gap, by }: FairnessChange) => gates.filter(({ subject }) => subject === `${gap} by ${by}`);
  const ranked = changes
    .filter(({ head }) => head !== null)
    .toSorted(
      (left, right) => concern(gatesOf(right)) - concern(gatesOf(left)) || (right.head ?? 0) - (left.head ?? 0),
    );
  const [first] = ranked;
  if (first === undefined) return 'not judged, fewer than two groups are large enough';
  const others = ranked.slice(1).filter(({ delta }) => effectOf(delta, 'lower') === 'worse');
  const also = others.map(({ gap, delta }) => `${titleOf(gap)} is **worse** too, ${formatDelta(delta)}`);
  return [describeGap(first), describeGates(gatesOf(first)), ...also].join('; ');
}

/** A gate that does not pass comes first, then one that does, then what is not gated. */
function concern(gates: readonly GateResult[]): number {
  if (gates.length === 0) return 0;
  return gates.some(({ status }) => status !== 'pass') ? 2 : 1;
}

function titleOf(gap: FairnessChange['gap']): string {
  const title = gapTitles[gap];
  return /^[A-Z]{2}/.test(title) ? title : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
}

function describeGap({ gap, head, delta, lowest, highest, groups }: FairnessChange): string {
  const end = (name: string) =>
    `${escapeMarkdown(name, 60)} ${formatNumber(groups.find(({ group }) => group === name)?.head ?? null)}`;
  const between = lowest === null || highest === null ? '' : ` (${end(lowest)} to ${end(highest)})`;
  const effect = effectOf(delta, 'lower');
  const change =
    delta === null
      ? ''
      : effect === null
        ? ', no evidence of a change from base'
        : `, ${effect === 'worse' ? '**worse**' : effect} than base by ${formatDelta(delta)}`;
  return `${titleOf(gap)} ${formatNumber(head)}${between}${change}`;
}

function describeGates(gates: readonly GateResult[]): string {
  if (gates.length === 0) return 'no gate';
  const rules = gates.map(
    ({ gate, subject, status }) => `${statusIcons[status]} ${escapeMarkdown(gate.replace(subject, '').trim())}`,
  );
  return `gate ${rules.join(', ')}`;
}
