import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { ACTIONS_APP, appActor } from './authenticate.ts';
import { saveCheckRun } from './checks/save-check-run.ts';
import type { WebhookSender } from './deliver-webhooks.ts';
import { ApiError, type Kernel, type PlatformEvent, type Route } from './kernel.ts';
import { actorUser } from './payloads/account.ts';
import { pullPayload } from './payloads/pull.ts';
import { repositoryPayload } from './payloads/repository.ts';
import { type Platform, repositoryKey } from './platform.ts';
import type { Repository, State } from './records.ts';
import { formatTimestamp } from './timestamp.ts';

type Parts = {
  url: string;
  directory: string;
  server: FastifyInstance;
  state: State;
  clock: Pick<Kernel, 'now' | 'nextId'>;
  webhooks: WebhookSender;
  route(route: Route): void;
};

/** Ties the records to the kernel that other rooms use. */
export function createPlatform({ url, directory, server, state, clock, webhooks, route }: Parts): Platform {
  const listeners: ((event: PlatformEvent) => void)[] = [];

  const kernel: Kernel = {
    url,
    server,
    now: clock.now,
    nextId: clock.nextId,
    on: (listener) => void listeners.push(listener),
    emit(event) {
      const repository = platform.repository(event.repository);
      const whole = completeEvent(platform, repository, event);
      for (const listener of listeners) tell(listener, whole);
      webhooks.deliver(whole, repository);
    },
    route,
    gitDirectory: (name) => platform.repository(name).git.directory,
    defaultBranch: (name) => platform.repository(name).defaultBranch,
    repositoryPayload(name) {
      const repository = platform.repository(name);
      const owner = platform.account(repository.owner);
      if (owner === null) throw new ApiError(404, 'Not Found');
      return repositoryPayload(url, repository, owner);
    },
    actorPayload: (actor) => actorUser(url, actor),
    pullsForCommit(name, sha) {
      const repository = platform.repository(name);
      return [...repository.issues.values()].flatMap((issue) =>
        issue.pull !== null && (issue.pull.head.sha === sha || String(issue.number) === sha)
          ? [pullPayload(platform, repository, issue, issue.pull)]
          : [],
      );
    },
    issueJobToken(name, { runId, jobId }, permissions) {
      const token = `ghs_${randomBytes(18).toString('hex')}`;
      const repositoryId = platform.repository(name).id;
      state.credentials.set(token, { kind: 'job', repositoryId, runId, jobId, permissions: { ...permissions } });
      return token;
    },
    revokeToken: (token) => void state.credentials.delete(token),
    upsertJobCheck(name, check) {
      const actor = appActor({ id: ACTIONS_APP.appId, slug: ACTIONS_APP.slug, botId: ACTIONS_APP.id });
      return saveCheckRun(platform, platform.repository(name), actor, ACTIONS_APP.appId, check).id;
    },
    environment(name, environment) {
      const repository = platform.repository(name);
      const found = repository.environments.get(environment.toLowerCase());
      if (found === undefined) return null;
      if (found.branchPolicy === 'all') return { name: found.name, branches: null };
      const custom = found.branches.map((branch) => branch.name);
      const branches = found.branchPolicy === 'custom' ? custom : [...repository.protections.keys()];
      return { name: found.name, branches };
    },
    secrets: (name, environment) => overlay(platform.repository(name), environment, 'secrets'),
    variables: (name, environment) => overlay(platform.repository(name), environment, 'variables'),
  };

  const platform: Platform = {
    kernel,
    state,
    assetDirectory: join(directory, 'assets'),
    gitRoot: join(directory, 'repositories'),
    timestamp: () => formatTimestamp(clock.now()),
    repository(name) {
      const repository = state.repositories.get(repositoryKey(name));
      if (repository === undefined) throw new ApiError(404, 'Not Found');
      return repository;
    },
    account: (login) => state.accounts.get(login.toLowerCase()) ?? null,
  };
  return platform;
}

/** A listener's fault is its own: the request that caused the event has been carried out. */
function tell(listener: (event: PlatformEvent) => void, event: PlatformEvent): void {
  try {
    listener(event);
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

/** Adds what every webhook carries: action, repository and sender. */
function completeEvent({ kernel }: Platform, repository: Repository, event: PlatformEvent): PlatformEvent {
  const owner = platformOwner(kernel, repository);
  return {
    ...event,
    repository: { owner: repository.owner, name: repository.name },
    payload: {
      ...(event.action === null ? {} : { action: event.action }),
      ...event.payload,
      repository: kernel.repositoryPayload(repository),
      ...(owner.type === 'Organization' ? { organization: owner } : {}),
      sender: kernel.actorPayload(event.actor),
    },
  };
}

function platformOwner(kernel: Kernel, repository: Repository): Record<string, unknown> {
  const owner = kernel.repositoryPayload(repository).owner;
  return typeof owner === 'object' && owner !== null ? { ...owner } : {};
}

function overlay(
  repository: Repository,
  environment: string | null,
  kind: 'secrets' | 'variables',
): Record<string, string> {
  const inner = environment === null ? undefined : repository.environments.get(environment.toLowerCase());
  return { ...Object.fromEntries(repository[kind]), ...Object.fromEntries(inner?.[kind] ?? []) };
}
