import type { Problem } from '../../pipelines/contracts/judgement.ts';
import type { RunRecord } from '../../pipelines/contracts/run-record.ts';

/** What is wrong with a run by its own record, and with the record by the key that was recomputed (null: unknown). */
export function checkClaims(run: RunRecord, key: string | null): Problem[] {
  const problems: Problem[] = [];
  if (run.status === 'failed') {
    const why = run.failure?.message ?? 'Its record does not say why.';
    problems.push({ code: 'run-failed', message: `Training failed; correct it and push again. ${why}` });
  }
  if (key !== null && run.key !== key) {
    const reported = run.key?.slice(0, 19) ?? 'none';
    problems.push({
      code: 'key-mismatch',
      message: `The run was made from other inputs than the pull request has (reported ${reported}, recomputed ${key.slice(0, 19)}). Push again, so that what is in git is trained.`,
    });
  }
  return problems;
}
