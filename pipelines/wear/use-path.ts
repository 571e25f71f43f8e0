import { integrityHex } from '../integrity.ts';

/** Ledger folder of one holdout: which predictions these rows have judged. */
export function usesFolder(holdout: string): string {
  return `holdouts/${nameOf(holdout)}`;
}

/** Ledger path of one use. The day and the predictions are all that counts, and both are in the path. */
export function usePath(use: { holdout: string; on: string; predictions: string }): string {
  return `${usesFolder(use.holdout)}/${use.on}/${nameOf(use.predictions)}.json`;
}

function nameOf(integrity: string): string {
  return integrityHex(integrity).slice(0, 64);
}

export type Uses = {
  /** Different predictions, those of this candidate left out. */
  judged: number;
  /** First day of them. */
  since: string | null;
};

/**
 * Reads the paths of one holdout's folder. The same predictions count once, however often and on however many days they
 * came; those of the candidate itself do not count against it.
 */
export function countUses(paths: readonly string[], candidate: string | null): Uses {
  const own = candidate === null ? null : nameOf(candidate);
  const uses = paths.flatMap((path) => {
    const [, on = '', name = ''] = /\/(\d{4}-\d{2}-\d{2})\/([0-9a-f]{64})\.json$/.exec(path) ?? [];
    return name === '' || name === own ? [] : [{ on, name }];
  });
  return {
    judged: new Set(uses.map(({ name }) => name)).size,
    since: uses.map(({ on }) => on).sort()[0] ?? null,
  };
}
