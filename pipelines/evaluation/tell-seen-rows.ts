import type { Problem, SeenRows } from '../contracts/judgement.ts';

/**
 * What is said of rows of the holdout that are training rows as well. A leak of the candidate makes its numbers worthless;
 * one of the base only makes the candidate look worse than it is, and nobody could cure it in a pull request.
 */
export function tellSeenRows(who: string, seen: SeenRows): { problems: Problem[]; warnings: Problem[] } {
  const { model, path, columns, rows, of, expected, status } = seen;
  if (status === 'pass') return { problems: [], warnings: [] };
  const met = `${rows} of ${of} rows of the holdout (${percent(rows / of)}) equal a row of ${path} in ${columns === 1 ? 'the one column' : `all ${columns} columns`} that both have`;
  if (status === 'warning') {
    const chance = `Chance explains as many as ${percent(expected)}, because rows of the holdout equal each other`;
    const warning = `${who} may have seen what judges it: ${met}. ${chance}; whether they are the same observations, only you can tell.`;
    return { problems: [], warnings: [{ code: 'holdout-rows-seen', message: warning }] };
  }
  const message = `${who} was trained on rows that judge it: ${met}, and chance explains ${percent(expected)} at most.`;
  if (model === 'base') {
    const told = `${message} It looks better than it is, and the candidate worse.`;
    return { problems: [], warnings: [{ code: 'holdout-leak', message: told }] };
  }
  const cure = 'Take them out of the training data; where they are no leak, raise holdout.max_seen.';
  return { problems: [{ code: 'holdout-leak', message: `${message} ${cure}` }], warnings: [] };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 2 : 0)} %`;
}
