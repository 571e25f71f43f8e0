import { PulltrainError } from '../errors.ts';
import { integrityHex } from '../integrity.ts';
import type { KnownRun } from './known-run.ts';

/**
 * The run that a person means: `latest`, an id, the beginning of one, of the key as text or hex, or of the commit. Throws
 * `run-unknown` and `run-ambiguous`.
 */
export function findRun(runs: readonly KnownRun[], wanted: string): KnownRun {
  const newest = runs[0];
  if (wanted === 'latest' && newest !== undefined) return newest;
  const exact = runs.find(({ id }) => id === wanted);
  if (exact !== undefined) return exact;
  const found = runs.filter((run) => wanted.length >= 4 && namesOf(run).some((name) => name.startsWith(wanted)));
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const listed = (found.length > 0 ? found : runs).slice(0, 10).map(({ id }) => id);
  throw new PulltrainError(found.length === 0 ? 'run-unknown' : 'run-ambiguous', {
    what: found.length === 0 ? 'no such run' : 'more than one run is meant',
    seen: wanted,
    ...(listed.length === 0 ? {} : { allowed: listed.join(', ') }),
    cure: 'See pulltrain runs list. The ledger is read as git has it: git fetch origin ledger',
  });
}

function namesOf({ id, record: { key, code } }: KnownRun): string[] {
  return [
    id,
    id.slice(id.indexOf('/') + 1),
    ...(key === null ? [] : [key, key.slice(key.indexOf('-') + 1), integrityHex(key)]),
    ...(code === null ? [] : [code.sha]),
  ];
}
