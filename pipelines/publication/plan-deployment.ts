import type { DeploymentRecord } from '../contracts/deployment-record.ts';
import type { Quarantine } from '../contracts/quarantine.ts';
import type { LedgerEntry } from '../ports/ledger.ts';
import type { PlannedAction } from './planned-action.ts';

/** Artifacts of a `promote.yml` run whose name begins like this hold one `deployment.json` each. */
export const deploymentArtifacts = 'pulltrain-deployment-';

export type DeploymentFacts = {
  record: DeploymentRecord;
  /** What the ledger says of this deployment already. */
  recorded: DeploymentRecord | null;
  /** What the ledger says is live in the environment. */
  live: DeploymentRecord | null;
};

/**
 * What the ledger keeps of the end of a rollout: the record itself; what is live now, unless a newer deployment said so
 * already; and for a bad model its quarantine. A record that was written before changes nothing.
 */
export function planDeployment({ record, recorded, live }: DeploymentFacts): PlannedAction[] {
  if (recorded !== null && recorded.outcome === record.outcome) return [];
  const { model, release, sha256, tag, environment, outcome, reason, at } = record;
  const entries: LedgerEntry[] = [{ path: deploymentPath(record), document: record }];
  if (outcome === 'success' && (live === null || live.deployment <= record.deployment)) {
    entries.push({ path: livePath(record), document: record });
  }
  if (outcome === 'failure') {
    const quarantine: Quarantine = { kind: 'quarantine', version: 1, model, release, sha256, reason, at };
    entries.push({ path: `quarantine/${model}/${release}.json`, document: quarantine });
  }
  const happened = { success: 'serves', failure: 'failed in', error: 'did not get into' }[outcome];
  return [{ do: 'write-ledger', entries, message: `Record that ${tag} ${happened} ${environment}` }];
}

export function deploymentPath({
  model,
  environment,
  deployment,
}: Pick<DeploymentRecord, 'model' | 'environment' | 'deployment'>): string {
  return `deployments/${model}/${encodeURIComponent(environment)}/${deployment}.json`;
}

/** Ledger path of what serves an environment. */
export function livePath({ model, environment }: Pick<DeploymentRecord, 'model' | 'environment'>): string {
  return `live/${model}/${encodeURIComponent(environment)}.json`;
}
