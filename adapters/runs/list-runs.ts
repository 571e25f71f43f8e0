import { judgementSchema } from '../../pipelines/contracts/judgement.ts';
import type { KnownRun } from '../../pipelines/runs/known-run.ts';
import { headSha } from '../git/head-sha.ts';
import { GitFailed } from '../git/run-git.ts';
import { openCommitTree } from '../source-tree/open-commit-tree.ts';
import { listLocalRuns } from './list-local-runs.ts';
import { parseJson } from './parse-json.ts';

/** Where a clone has the ledger: a branch of its own, or as it was last fetched. */
const ledgerRefs = ['refs/remotes/origin/ledger', 'refs/heads/ledger'];

/** Runs of this machine and of the ledger as git has it here, newest first. What cannot be read is told of and left out. */
export async function listRuns(directory: string, note: (line: string) => void): Promise<KnownRun[]> {
  const runs = [...(await listLocalRuns(directory, note)), ...(await ledgerRuns(directory, note))];
  return runs.sort((left, right) => (left.record.startedAt < right.record.startedAt ? 1 : -1));
}

async function ledgerRuns(directory: string, note: (line: string) => void): Promise<KnownRun[]> {
  const commit = await ledgerCommit(directory);
  if (commit === null) return [];
  await using tree = await openCommitTree(directory, commit);
  const runs: KnownRun[] = [];
  for (const path of await tree.list('judgements')) {
    const bytes = await tree.read(path);
    const judgement = judgementSchema.safeParse(bytes === null ? null : parseJson(new TextDecoder().decode(bytes)));
    if (!judgement.success) {
      note(`${path} of the ledger is no judgement and is left out`);
      continue;
    }
    const { evaluated, verdict, model } = judgement.data;
    if (evaluated.run === null) continue;
    const metrics = evaluated.headEvaluation?.metrics ?? [];
    runs.push({
      id: `${model}/${evaluated.change.headSha.slice(0, 12)}`,
      origin: 'ledger',
      record: evaluated.run,
      pull: evaluated.change.pull,
      verdict: verdict.status,
      verified: Object.fromEntries(metrics.map(({ name, value }) => [name, value])),
    });
  }
  return runs;
}

async function ledgerCommit(directory: string): Promise<string | null> {
  for (const ref of ledgerRefs) {
    try {
      return await headSha(directory, ref);
    } catch (thrown) {
      if (!(thrown instanceof GitFailed)) throw thrown;
    }
  }
  return null;
}
