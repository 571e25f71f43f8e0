import type { BaseChoice } from '../pipelines/contracts/judgement.ts';

/** With what the head is compared, and how that was chosen: `flight-delay@v1.0.0 at abcdef0 (release)`. Plain text. */
export function describeBase({ rung, tag, commit, pull, distance }: BaseChoice): string {
  if (rung === 'none') return 'none';
  const at = commit === null ? '' : ` at ${commit.slice(0, 7)}`;
  const name = tag ?? (pull === undefined ? 'the model' : `the model of pull request ${pull}`);
  return `${name}${at} (${rungWords(rung, distance)})`;
}

function rungWords(rung: Exclude<BaseChoice['rung'], 'none'>, distance: number | undefined): string {
  if (rung === 'merge-base') return 'run of the merge-base';
  if (rung === 'release') return 'newest release before the change';
  if (distance === undefined) return 'nearest ancestor with a run';
  return `nearest ancestor with a run, ${distance} commit${distance === 1 ? '' : 's'} before the merge-base`;
}
