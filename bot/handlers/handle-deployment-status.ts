import { readTree } from '../../adapters/github/read-tree.ts';
import { listOwnIssues } from '../../adapters/issues/list-own-issues.ts';
import type { DeploymentPayload } from '../../pipelines/contracts/model-manifest.ts';
import type { Quarantine } from '../../pipelines/contracts/quarantine.ts';
import { planRevert, type Revert } from '../../pipelines/publication/plan-revert.ts';
import type { PlannedAction } from '../../pipelines/publication/planned-action.ts';
import { formatRollbackMarker, rollbackLabel } from '../../pipelines/publication/rollback-marker.ts';
import { applyPlan } from '../apply-plan.ts';
import type { DeploymentStatusEvent } from '../events/deployment-status-event.ts';
import type { BotPorts } from '../ports.ts';
import { revertBody, rollbackIssueBody } from '../views/rollback-body.ts';

/**
 * Journey "roll out", when it went wrong: the version is quarantined, and a pull request takes its change back, or an
 * issue says how. A status `error` is a broken deployment, not a bad model, and nothing follows from it.
 */
export async function handleDeploymentStatus(event: DeploymentStatusEvent, ports: BotPorts): Promise<void> {
  const { payload, place } = event;
  if (event.state !== 'failure' || payload === null) return;
  const { owner, repo } = place;
  const quarantine: Quarantine = {
    kind: 'quarantine',
    version: 1,
    model: payload.model,
    release: payload.release,
    reason: event.reason,
    at: event.at,
  };
  const path = `quarantine/${payload.model}/${payload.release}.json`;
  const message = `Quarantine ${payload.tag} after ${event.environment}`;
  await applyPlan([{ do: 'write-ledger', entries: [{ path, document: quarantine }], message }], place, ports);

  const marker = formatRollbackMarker(payload);
  const answered = await listOwnIssues(ports.github, { owner, repo }, rollbackLabel, ports.author);
  if (answered.some(({ body }) => body.split('\n', 1)[0]?.trimEnd() === marker)) return;
  await applyPlan(await planRollback(event, payload, ports), place, ports);
}

async function planRollback(
  event: DeploymentStatusEvent,
  payload: DeploymentPayload,
  ports: BotPorts,
): Promise<PlannedAction[]> {
  const { place, commit, environment, reason } = event;
  const rollback = { payload, environment, reason, commit };
  const title = `Revert ${payload.model} v${payload.release}`;
  const { head, revert } = await readRevert(event, ports);
  if (!revert.possible) {
    const body = rollbackIssueBody(rollback, revert.paths);
    return [{ do: 'open-issue', title, body, label: rollbackLabel }];
  }
  if (revert.changes.length === 0) return [];
  return [
    {
      do: 'open-pull-request',
      pull: {
        branch: `pulltrain/revert-${payload.model}-v${payload.release}`,
        base: place.defaultBranch,
        from: head,
        message: `${title}\n\nIt failed in ${environment}.`,
        title,
        body: revertBody(rollback),
        label: rollbackLabel,
        changes: revert.changes,
      },
    },
  ];
}

async function readRevert(
  { place, commit }: DeploymentStatusEvent,
  { github }: BotPorts,
): Promise<{ head: string; revert: Revert }> {
  const { owner, repo, defaultBranch } = place;
  const { git } = github.rest;
  const ref = await git.getRef({ owner, repo, ref: `heads/${defaultBranch}` });
  const head = ref.data.object.sha;
  const merge = await git.getCommit({ owner, repo, commit_sha: commit });
  const parent = merge.data.parents[0]?.sha;
  if (parent === undefined) return { head, revert: { possible: false, paths: [] } };
  const [before, merged, now] = await Promise.all([parent, commit, head].map((sha) => readTree(github, place, sha)));
  if (!before || !merged || !now) return { head, revert: { possible: false, paths: [] } };
  return { head, revert: planRevert({ before, merged, now }) };
}
