import type { Problem } from '../../pipelines/contracts/judgement.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';
import { integrityOfDocument } from '../../pipelines/integrity.ts';
import type { RunIdentity } from '../../pipelines/training/compute-run-key.ts';

/**
 * What is wrong with a run by its own record, and with the record by what was recomputed (null: unknown). The sources count
 * besides the key, because the release's manifest repeats them and later changes are checked for leaks by that.
 */
export function checkClaims(run: RunRecord, identity: Pick<RunIdentity, 'key' | 'sources'> | null): Problem[] {
  const problems: Problem[] = [];
  if (run.status === 'failed') {
    const why = run.failure?.message ?? 'Its record does not say why.';
    problems.push({ code: 'run-failed', message: `Training failed; correct it and push again. ${why}` });
  }
  if (identity === null) return problems;
  const { key, sources } = identity;
  if (run.key !== key) {
    const reported = run.key?.slice(0, 19) ?? 'none';
    problems.push({
      code: 'key-mismatch',
      message: `The run was made from other inputs than the pull request has (reported ${reported}, recomputed ${key.slice(0, 19)}). Push again, so that what is in git is trained.`,
    });
  } else if (integrityOfDocument(run.sources) !== integrityOfDocument(sources)) {
    problems.push({
      code: 'sources-mismatch',
      message:
        'The run names other data and code than went into its key. Push again, with the train workflow as it was.',
    });
  }
  return problems;
}
