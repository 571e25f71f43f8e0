import { shownDeployment } from '../../adapters/deployments/shown-deployment.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import type { ModelServerClient, ServerState } from '../../adapters/model-server/open-model-server.ts';
import type { ModelConfig } from '../../pipelines/config/schema.ts';
import type { DeploymentRecord } from '../../pipelines/contracts/deployment-record.ts';
import type { RolloutPlan, ServedRelease } from '../../pipelines/contracts/rollout-plan.ts';
import type { RolloutStep } from '../../pipelines/contracts/rollout-step.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Clock } from '../../pipelines/ports/clock.ts';
import { formatTag } from '../../pipelines/registry/format-tag.ts';
import { planRollout } from '../../pipelines/rollout/plan-rollout.ts';
import { checkSanity } from './check-sanity.ts';
import { type FetchedRelease, fetchRelease } from './fetch-release.ts';
import { openReport, type Report, type ReportPlace } from './open-report.ts';
import { runRollout } from './run-rollout.ts';

export type DeployRequest = ReportPlace & {
  /** Policy of the default branch. */
  policy: Pick<ModelConfig, 'rollout' | 'serve'>;
  /** Release to move. */
  tag: string;
  /** Digest of its model file as the job that published it said; null when a person deploys it again. */
  sha256: string | null;
};

export type DeployPorts = {
  github: GitHub;
  server: ModelServerClient;
  clock: Clock;
  /** Hands over how the rollout ended, for the App to record. */
  keep(record: DeploymentRecord): Promise<void>;
  pause(milliseconds: number): Promise<void>;
  say(line: string): void;
};

/** `plan` is null when the environment served the release already. */
export type Deployed = { status: 'advanced' | 'rolled-back'; plan: RolloutPlan | null; steps: RolloutStep[] };

/**
 * Rolls a release out into one environment:
 *
 * 1. fetch the release, every file verified by its manifest, the model by what was published
 * 2. see what the server serves; nothing to move when it is this release already
 * 3. plan the steps, open a deployment
 * 4. load the model beside the one that serves, look at a few answers
 * 5. walk the steps: traffic, wait, observe, decide
 * 6. write the end into the deployment, and hand it over as a record
 *
 * Running it again after a crash continues at the step where the server is.
 */
export async function deploy(request: DeployRequest, ports: DeployPorts): Promise<Deployed> {
  const { github, server, say } = ports;
  const release = await fetchRelease(github, request);
  const { release: version, tag } = release.manifest;
  const candidate: ServedRelease = { release: version, tag, sha256: release.sha256 };

  const state = await server.state();
  const stable = servedRelease(request.model, state);
  if (stable?.sha256 === candidate.sha256 && stable.release === version && state?.traffic?.candidate === null) {
    return confirmLive(request, release, ports);
  }

  const { model, environment, policy } = request;
  const plan = planRollout({ model, environment, policy: policy.rollout, candidate, stable });
  const names = plan.steps.map(({ name }) => name).join(', ');
  say(`${plan.id}: ${tag} to ${environment}, ${stable === null ? 'the first' : `after ${stable.tag}`}: ${names}`);
  const report = await openReport(github, request, candidate, say);
  let ended = false;
  const end = async (outcome: DeploymentRecord['outcome'], text: string): Promise<void> => {
    const { deployment } = report;
    // The record first and once: GitHub's log is a view, and that it is out of reach changes nothing of how it ended.
    if (!ended) await ports.keep(recordOf(request, release, { deployment, outcome, reason: text }, ports.clock));
    ended = true;
    await report.say(outcome, text);
  };
  try {
    await server.upload(version, release.bytes, release.sha256, release.manifest);
    await server.setProfile(version, release.profile);
    await checkSanity(release, server);
    await report.say('in_progress', `${tag} is loaded and answers sensibly`);
    const scoreEdges = release.manifest.task === 'regression' ? release.profile.score.edges : null;
    const steps = await runRollout(
      plan,
      { log: policy.serve.log, features: policy.serve.features ?? null, scoreEdges },
      { ...ports, onStep: tell(report, say) },
    );
    const last = steps.at(-1);
    if (last?.decision === 'rollback') {
      await end('failure', `rolled back at ${last.step}: ${last.message}`);
      return { status: 'rolled-back', plan, steps };
    }
    await end('success', `${tag} serves ${environment}`);
    return { status: 'advanced', plan, steps };
  } catch (fault) {
    // The first fault is the one to tell, whether or not GitHub can still be reached.
    await end(...endOf(fault)).catch(() => undefined);
    throw fault;
  }
}

/** The release that has the stable part of the traffic; null on a server that serves nothing yet. */
function servedRelease(model: string, state: ServerState | null): ServedRelease | null {
  const version = state?.traffic?.stable;
  const known = state?.stored.find((stored) => stored.version === version);
  if (known === undefined) return null;
  return { release: known.version, tag: formatTag(model, known.version), sha256: known.sha256 };
}

/** The server is ahead of GitHub's log when an earlier attempt died before its last line; the log catches up. */
async function confirmLive(request: DeployRequest, release: FetchedRelease, ports: DeployPorts): Promise<Deployed> {
  const { release: version, tag } = release.manifest;
  const text = `${tag} serves ${request.environment}`;
  const shown = await shownDeployment(ports.github, request);
  const isShown = shown !== null && shown.payload.tag === tag;
  const report = isShown
    ? { deployment: shown.id, say: async () => ports.say(`${text} already`) }
    : await openReport(ports.github, request, { release: version, tag, sha256: release.sha256 }, ports.say);
  const { deployment } = report;
  await ports.keep(recordOf(request, release, { deployment, outcome: 'success', reason: text }, ports.clock));
  await report.say('success', text);
  return { status: 'advanced', plan: null, steps: [] };
}

function recordOf(
  { owner, repo, model, environment }: DeployRequest,
  { manifest, sha256 }: FetchedRelease,
  { reason, ...end }: Pick<DeploymentRecord, 'deployment' | 'outcome' | 'reason'>,
  clock: Clock,
): DeploymentRecord {
  const { release, tag, commit } = manifest;
  return {
    kind: 'deployment-record',
    version: 1,
    repository: `${owner}/${repo}`,
    environment,
    model,
    release,
    tag,
    sha256,
    commit,
    ...end,
    reason: reason.slice(0, 4000),
    at: clock.now().toISOString(),
  };
}

function tell(report: Report, say: (line: string) => void) {
  return async (step: RolloutStep): Promise<void> => {
    const text = `${step.step}: ${step.message}`;
    if (step.decision === 'advance') await report.say('in_progress', text);
    else say(text);
  };
}

/** A model that fails its checks is a failure, which quarantines it; anything else says nothing about the model. */
function endOf(fault: unknown): [outcome: 'failure' | 'error', text: string] {
  const isVerdict = fault instanceof PulltrainError && fault.code === 'sanity-failed';
  return [isVerdict ? 'failure' : 'error', fault instanceof Error ? fault.message : String(fault)];
}
