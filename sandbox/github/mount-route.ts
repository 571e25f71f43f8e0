import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Exchange } from '../openapi/check-exchange.ts';
import { authenticate, type Caller, permissionsIn } from './authenticate.ts';
import type { RateCounter } from './count-rate.ts';
import { ApiError, type Permissions, type Role, type Route, type RouteContext } from './kernel.ts';
import { allows, refusal } from './permissions.ts';
import { repositoryKey } from './platform.ts';
import type { Repository, State } from './records.ts';

/** One answered REST request; `ms` is the time in the server. */
export type RequestEntry = {
  method: string;
  /** GitHub's path template, `/repos/{owner}/{repo}`. */
  route: string;
  actor: 'user' | 'app' | 'job' | 'anonymous';
  login: string | null;
  status: number;
  ms: number;
};

export type Mount = {
  server: FastifyInstance;
  state: State;
  rates: RateCounter;
  now(): Date;
  onRequest(entry: RequestEntry): void;
  onExchange(exchange: Exchange): void;
};

/**
 * Puts a route under `/` and `/api/v3`, behind authentication, permissions, rate limits and GitHub's error bodies.
 * Returns GitHub's path template, `/repos/{owner}/{repo}`.
 */
export function mountRoute(mount: Mount, route: Route): string {
  const greedy = /:(\w+)\*$/.exec(route.path)?.[1] ?? null;
  const template = route.path.replace(/:(\w+)\*?/g, '{$1}');
  // What takes the rest of the path takes an empty rest too: `contents` is the root folder.
  const folder = greedy === null ? route.path : route.path.slice(0, -greedy.length - 3);
  const paths = greedy === null ? [folder] : [folder, `${folder}/*`];
  for (const url of paths.flatMap((path) => [path, `/api/v3${path}`])) {
    mount.server.route({
      method: route.method,
      url,
      config: { rawBody: route.rawBody === true },
      handler(request, reply) {
        const parameters = request.params;
        if (greedy !== null && typeof parameters === 'object' && parameters !== null) {
          Object.assign(parameters, { [greedy]: '*' in parameters ? parameters['*'] : '' });
        }
        return answer(mount, route, template, request, reply);
      },
    });
  }
  return template;
}

async function answer(
  mount: Mount,
  route: Route,
  template: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<unknown> {
  const started = performance.now();
  let caller: Caller | null = null;
  let body: unknown;
  try {
    caller = authenticate(mount.state, request.headers.authorization, mount.now());
    countRequest(mount, caller, reply);
    const repository = findRepository(mount.state, request.params);
    const { permissions, role } = authorize(mount.state, route, caller, repository, request.params);
    const name = repository === null ? null : { owner: repository.owner, name: repository.name };
    const context: RouteContext = { actor: caller.actor, repository: name, permissions, role, request, reply };
    body = await route.handler(context);
    if (body === undefined && !reply.sent && reply.statusCode === 200) reply.code(204);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    reply.code(error.status);
    body = errorBody(error);
  }
  const { actor } = caller ?? { actor: null };
  mount.onRequest({
    method: route.method,
    route: template,
    actor: actor?.kind ?? 'anonymous',
    login: actor?.login ?? null,
    status: reply.statusCode,
    ms: performance.now() - started,
  });
  return send(mount, route, template, request, reply, body);
}

function countRequest(mount: Mount, caller: Caller, reply: FastifyReply): void {
  const rate = mount.rates.count(caller, mount.now());
  reply.headers({
    'x-ratelimit-limit': rate.limit,
    'x-ratelimit-remaining': rate.remaining,
    'x-ratelimit-reset': rate.reset,
    'x-ratelimit-used': rate.used,
    'x-ratelimit-resource': 'core',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-request-id': reply.request.id,
  });
  if (rate.exhausted) throw new ApiError(403, 'API rate limit exceeded for installation.');
}

function findRepository(state: State, parameters: unknown): Repository | null {
  if (typeof parameters !== 'object' || parameters === null) return null;
  if (!('owner' in parameters) || !('repo' in parameters)) return null;
  const key = repositoryKey({ owner: String(parameters.owner), name: String(parameters.repo) });
  return state.repositories.get(key) ?? null;
}

function authorize(
  state: State,
  route: Route,
  caller: Caller,
  repository: Repository | null,
  parameters: unknown,
): { permissions: Permissions; role: Role | null } {
  const named = typeof parameters === 'object' && parameters !== null && 'repo' in parameters;
  if (route.needs === 'app-jwt') {
    if (!caller.jwt) throw new ApiError(401, 'A JSON web token could not be decoded');
    if (named && repository === null) throw new ApiError(404, 'Not Found');
    return { permissions: {}, role: null };
  }
  if (named && repository === null) throw new ApiError(404, 'Not Found');
  const held = repository === null ? { permissions: {}, role: null } : permissionsIn(state, caller, repository);
  if (repository?.private && Object.keys(held.permissions).length === 0) throw new ApiError(404, 'Not Found');
  if (route.needs === 'anyone') return held;
  const { permission, access } = route.needs;
  const names = typeof permission === 'string' ? [permission] : permission;
  if (names.some((name) => allows(held.permissions, name, access))) return held;
  throw new ApiError(caller.actor === null ? 401 : 403, refusal(caller.actor, names[0] ?? ''));
}

export function errorBody(error: ApiError): Record<string, unknown> {
  return {
    message: error.message,
    ...(error.errors.length === 0 ? {} : { errors: error.errors }),
    documentation_url: 'https://docs.github.com/rest',
    status: String(error.status),
  };
}

function send(
  mount: Mount,
  route: Route,
  template: string,
  request: FastifyRequest,
  reply: FastifyReply,
  body: unknown,
): unknown {
  if (reply.sent) return reply;
  const binary = Buffer.isBuffer(body) || typeof body === 'string';
  const text = binary || body === undefined ? null : JSON.stringify(body);
  mount.onExchange({
    method: route.method,
    route: template,
    query: request.query,
    requestBody: route.rawBody ? undefined : request.body,
    status: reply.statusCode,
    responseBody: text === null ? body : JSON.parse(text),
  });
  if (text === null) return reply.send(body);
  reply.header('content-type', 'application/json; charset=utf-8');
  if (route.method === 'GET' && reply.statusCode === 200) {
    const tag = `W/"${createHash('sha256').update(text).digest('hex')}"`;
    reply.header('etag', tag);
    if (request.headers['if-none-match'] === tag) return reply.code(304).send();
  }
  return reply.send(text);
}
