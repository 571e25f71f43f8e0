import { describeRobustness, perturbationTable, robustnessTable } from '../../robustness-table.ts';
import { html, nothing } from '../html.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import type { Subject } from '../subject.ts';

const most = 300;

/** How the answers bear inputs that are not as they were. */
export function robustnessSection({ head }: Subject): Section[] {
  const robustness = head?.robustness;
  if (robustness === undefined) return [];
  const all = perturbationTable(robustness);
  const skipped = robustness.skipped.length;
  const body = html`<p>One input at a time is spoilt: ${describeRobustness(robustness)}.</p>
${htmlTable({ caption: 'The worst of every kind, over all inputs', ...robustnessTable(robustness) })}
<details><summary>Input by input</summary>${htmlTable({ caption: 'Failures first, then what harms most', columns: all.columns, rows: all.rows.slice(0, most) })}</details>
${skipped === 0 ? nothing : html`<p class="soft">Cannot be done to an input, and so was not: ${skipped}, such as ${robustness.skipped[0]?.column ?? ''} (${robustness.skipped[0]?.why ?? ''}).</p>`}`;
  return [{ id: 'robustness', title: 'Robustness', body }];
}
