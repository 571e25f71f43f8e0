import type { SeenRows } from '../pipelines/contracts/judgement.ts';
import { codeSpan } from './code-span.ts';
import { formatCount } from './format-number.ts';

/** What the search for rows of the holdout in training data came to, a line for each table: also when it found none. */
export function seenRowsFacts(seen: readonly SeenRows[]): string[] {
  return seen.map(({ model, path, columns, rows, of, expected }) => {
    const who = model === 'head' ? 'the candidate' : 'the base';
    const share = rows === 0 ? '' : ` (${percent(rows / of)}; chance explains ${percent(expected)} at most)`;
    const compared = columns === 1 ? 'the one common column' : `all ${columns} common columns`;
    return `- Rows of the holdout that also are in ${codeSpan(path)} of ${who}: ${formatCount(rows)} of ${formatCount(of)}${share}, by ${compared}`;
  });
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;
}
