import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Permission names a GitHub token can carry, e.g. `contents`, `pull_requests`, `checks`. */
export type Access = 'none' | 'read' | 'write';
export type Permissions = Record<string, Access>;

/** Who made a request or caused an event. `job` is a workflow job's GITHUB_TOKEN (login `github-actions[bot]`). */
export type Actor =
  | { kind: 'user'; login: string; id: number }
  | { kind: 'app'; login: string; id: number; appId: number; slug: string }
  | { kind: 'job'; login: string; id: number; runId: number; jobId: number };

export type RepositoryName = { owner: string; name: string };

/** What a person may do in a repository, from least to most. */
export type Role = 'read' | 'triage' | 'write' | 'maintain' | 'admin';

/** Something that happened on the platform; `payload` is shaped as GitHub's webhook of that name. */
export type PlatformEvent = {
  name: string;
  action: string | null;
  repository: RepositoryName;
  actor: Actor;
  payload: Record<string, unknown>;
};

export type RouteContext = {
  actor: Actor | null;
  repository: RepositoryName | null;
  permissions: Permissions;
  /** The role of a calling person in the repository; null for Apps, jobs and strangers. */
  role: Role | null;
  request: FastifyRequest;
  reply: FastifyReply;
};

/** A REST route under `/` and `/api/v3`; `needs` is checked against the caller's token before the handler runs. */
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /**
   * GitHub's own path template with `:name` parameters, e.g. `/repos/:owner/:repo/actions/runs/:run_id`. A last
   * parameter written `:name*` takes the rest of the path, slashes included.
   */
  path: string;
  /** With several permissions any one of them is enough. */
  needs: { permission: string | readonly string[]; access: 'read' | 'write' } | 'anyone' | 'app-jwt';
  /** Hands the body over as the bytes that were sent, whatever its content type. */
  rawBody?: boolean;
  /** What it returns is the JSON body (a Buffer is sent as it is); `undefined` answers 204. Set another status on `reply`. */
  handler(context: RouteContext): Promise<unknown>;
};

/** What the workflow engine and the pages may ask of the local GitHub. */
export type Kernel = {
  /** Base URL without a trailing slash, e.g. `http://127.0.0.1:4000`. */
  url: string;
  server: FastifyInstance;
  now(): Date;
  /** Next id of GitHub's global sequence. */
  nextId(): number;
  on(listener: (event: PlatformEvent) => void): void;
  /** Delivers to webhooks and to the workflow engine. Never throws for a receiver's fault. */
  emit(event: PlatformEvent): void;
  route(route: Route): void;
  /** Directory of the bare git repository. */
  gitDirectory(repository: RepositoryName): string;
  defaultBranch(repository: RepositoryName): string;
  /** Repository object as REST and webhooks show it. */
  repositoryPayload(repository: RepositoryName): Record<string, unknown>;
  actorPayload(actor: Actor): Record<string, unknown>;
  /** Pull requests as REST shows them, whose head is this commit or whose number this is. */
  pullsForCommit(repository: RepositoryName, sha: string): Record<string, unknown>[];
  /** A GITHUB_TOKEN; dies with `revokeToken`. */
  issueJobToken(repository: RepositoryName, job: { runId: number; jobId: number }, permissions: Permissions): string;
  revokeToken(token: string): void;
  /** The check run that mirrors a workflow job, owned by the app `github-actions`. Returns its id. */
  upsertJobCheck(
    repository: RepositoryName,
    check: {
      id: number | null;
      name: string;
      headSha: string;
      status: 'queued' | 'in_progress' | 'completed';
      conclusion: string | null;
      detailsUrl: string;
      /** Added to those the check run has. */
      annotations?: Record<string, unknown>[];
    },
  ): number;
  /** Branch patterns that may use the environment; null when every ref may. */
  environment(repository: RepositoryName, name: string): { name: string; branches: string[] | null } | null;
  /** Secrets of the repository, overlaid by those of the environment. The caller decides who may see them. */
  secrets(repository: RepositoryName, environment: string | null): Record<string, string>;
  /** Configuration variables, by the same rule. */
  variables(repository: RepositoryName, environment: string | null): Record<string, string>;
};

/** An answer other than 200: thrown by handlers, turned into GitHub's error body. */
export class ApiError extends Error {
  readonly status: number;
  readonly errors: readonly unknown[];
  constructor(status: number, message: string, errors: readonly unknown[] = []) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }
}
