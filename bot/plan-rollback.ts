import { branchHead } from '../adapters/github/branch-head.ts';
import { readTree } from '../adapters/github/read-tree.ts';
import type { DeploymentRecord } from '../pipelines/contracts/deployment-record.ts';
import { planRevert, type Revert } from '../pipelines/publication/plan-revert.ts';
import type { PlannedAction } from '../pipelines/publication/planned-action.ts';
import { rollbackLabel } from '../pipelines/publication/rollback-marker.ts';
import type { EventPlace } from './events/repository-event.ts';
import type { BotPorts } from './ports.ts';
import { revertBody, rollbackIssueBody } from './views/rollback-body.ts';

/** The pull request that takes a failed release's change back, or the issue that says why it takes a person. */
export async function planRollback(
  record: DeploymentRecord,
  place: EventPlace,
  ports: BotPorts,
): Promise<PlannedAction[]> {
  const { model, release, environment } = record;
  const title = `Revert ${model} v${release}`;
  const { head, revert } = await readRevert(record, place, ports);
  if (!revert.possible) {
    const body = rollbackIssueBody(record, revert.paths);
    return [{ do: 'open-issue', title, body, label: rollbackLabel }];
  }
  if (revert.changes.length === 0) return [];
  return [
    {
      do: 'open-pull-request',
      pull: {
        branch: `pulltrain/revert-${model}-v${release}`,
        base: place.defaultBranch,
        from: head,
        message: `${title}\n\nIt failed in ${environment}.`,
        title,
        body: revertBody(record),
        label: rollbackLabel,
        changes: revert.changes,
      },
    },
  ];
}

async function readRevert(
  { commit }: DeploymentRecord,
  place: EventPlace,
  { github }: BotPorts,
): Promise<{ head: string; revert: Revert }> {
  const { owner, repo, defaultBranch } = place;
  const head = await branchHead(github, { owner, repo, branch: defaultBranch });
  const merge = await github.rest.git.getCommit({ owner, repo, commit_sha: commit });
  const parent = merge.data.parents[0]?.sha;
  if (parent === undefined) return { head, revert: { possible: false, paths: [] } };
  const [before, merged, now] = await Promise.all([parent, commit, head].map((sha) => readTree(github, place, sha)));
  if (!before || !merged || !now) return { head, revert: { possible: false, paths: [] } };
  return { head, revert: planRevert({ before, merged, now }) };
}
