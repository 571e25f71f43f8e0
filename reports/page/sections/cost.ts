import { costTable } from '../../cost-table.ts';
import { htmlTable } from '../html-table.ts';
import type { Section } from '../section.ts';
import type { Subject } from '../subject.ts';

/** What serving the model takes. */
export function costSection({ head, base }: Subject): Section[] {
  const cost = head?.cost;
  if (cost === undefined) return [];
  const body = htmlTable({
    caption:
      'Measured on one machine in one job, so that base and head can be compared; another machine has other times.',
    ...costTable(cost, base?.cost),
  });
  return [{ id: 'cost', title: 'Cost', body }];
}
