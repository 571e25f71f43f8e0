import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Exchange } from '../openapi/check-exchange.ts';
import { ACTIONS_APP } from './authenticate.ts';
import { createRateCounter } from './count-rate.ts';
import { createPlatform } from './create-platform.ts';
import { createWebhookSender } from './deliver-webhooks.ts';
import type { Kernel } from './kernel.ts';
import { ApiError } from './kernel.ts';
import { errorBody, mountRoute, type RequestEntry } from './mount-route.ts';
import type { Platform } from './platform.ts';
import type { State } from './records.ts';
import { mountRoutes } from './routes/mount-routes.ts';
import { createSeed, type Seed } from './seed.ts';
import { isGitRequest, serveGit } from './serve-git.ts';

export type GitHubOptions = {
  /** Where repositories and release assets are written. */
  directory: string;
  /** 0 (the default) takes any free port. */
  port?: number;
  now?: () => Date;
  /** Called after every REST request. */
  requestLog?: (entry: RequestEntry) => void;
  /** Called with every REST request and its answer. */
  onExchange?: (exchange: Exchange) => void;
  /** Holds every exchange against GitHub's own OpenAPI description; `close` rejects when one was against it. */
  checkOpenApi?: boolean;
};

export type LocalGitHub = Kernel &
  Seed & {
    /** Every REST route mounted so far, as method and GitHub's path template. */
    routes(): { method: string; route: string }[];
    /** Resolves when no webhook is under way. */
    settled(): Promise<void>;
    /** Ends everything. With `checkOpenApi` it throws `openapi-violation` for what was against the description. */
    close(): Promise<void>;
  };

const LARGEST_BODY = 1024 * 1024 * 1024;

/**
 * Starts a GitHub for one laptop on loopback: REST, git over HTTP and webhooks, all state in memory but for git
 * objects and release assets. Routes and pages may be added until the first request arrives.
 */
export async function startGitHub(options: GitHubOptions): Promise<LocalGitHub> {
  const { directory } = options;
  await mkdir(join(directory, 'assets'), { recursive: true });
  const now = options.now ?? (() => new Date());
  const state: State = {
    accounts: new Map(),
    apps: new Map(),
    installations: new Map(),
    repositories: new Map(),
    credentials: new Map(),
    deliveries: [],
  };

  let route: (request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server: FastifyInstance = Fastify({
    bodyLimit: LARGEST_BODY,
    routerOptions: { maxParamLength: 4096 },
    serverFactory(handler) {
      route = handler;
      return createServer();
    },
    logController: new LogController({ disableRequestLogging: true }),
  });
  acceptBodies(server);
  answerFaults(server);

  const http = createServer((request, response) => {
    const answered = isGitRequest(request)
      ? serveGit(platform, request, response)
      : Promise.resolve(server.ready()).then(() => route(request, response));
    answered.catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`Server Error: ${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  const port = await listen(http, options.port ?? 0);

  let sequence = 1000;
  const clock = { now, nextId: () => ++sequence };
  const webhooks = createWebhookSender(state, clock);
  const rates = createRateCounter();
  // Loaded on demand: the validator is a development dependency and only checks need it.
  const checker = options.checkOpenApi ? await import('../openapi/check-exchange.ts') : null;
  const checkExchange = (await checker?.openExchangeChecker()) ?? null;
  const violations = new Set<string>();
  const routes: { method: string; route: string }[] = [];
  const mount = {
    server,
    state,
    rates,
    now,
    onRequest: options.requestLog ?? (() => {}),
    onExchange(exchange: Exchange) {
      options.onExchange?.(exchange);
      for (const violation of checkExchange?.(exchange) ?? []) violations.add(violation);
    },
  };
  const platform = createPlatform({
    url: `http://127.0.0.1:${port}`,
    directory,
    server,
    state,
    clock,
    webhooks,
    route(one) {
      routes.push({ method: one.method, route: mountRoute(mount, one) });
    },
  });
  seedActionsApp(platform);
  mountRoutes(platform, { rates, webhooks });

  return {
    ...platform.kernel,
    ...createSeed(platform),
    routes: () => [...routes],
    settled: () => webhooks.settled(),
    async close() {
      await webhooks.close();
      const closed = new Promise<void>((resolve) => http.close(() => resolve()));
      http.closeAllConnections();
      await closed;
      await server.close();
      for (const repository of state.repositories.values()) repository.git.close();
      if (violations.size > 0) {
        throw new PulltrainError('openapi-violation', {
          what: "exchanges against GitHub's OpenAPI description",
          seen: [...violations].join('\n'),
        });
      }
    },
  };
}

function listen(http: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EADDRINUSE') return reject(cause);
      reject(
        new PulltrainError('port-taken', {
          what: `port ${port} is in use`,
          cure: 'Stop what listens there, or choose another port.',
          cause,
        }),
      );
    });
    http.listen(port, '127.0.0.1', () => {
      const address = http.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** JSON whatever its label, as GitHub takes it; anything else, and every body of a raw route, as bytes. */
function acceptBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    const { config } = request.routeOptions;
    if ('rawBody' in config && config.rawBody === true) return done(null, body);
    const type = request.headers['content-type'] ?? '';
    if (body.length === 0) return done(null, undefined);
    if (!/json|form-urlencoded|text\/plain/.test(type)) return done(null, body);
    try {
      done(null, JSON.parse(body.toString()));
    } catch {
      done(Object.assign(new Error('Problems parsing JSON'), { statusCode: 400 }));
    }
  });
}

/** GitHub's words for what no route has answered. */
function answerFaults(server: FastifyInstance): void {
  const body = (status: number, message: string) => errorBody(new ApiError(status, message));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send(body(404, 'Not Found')));
  server.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send(body(status, status < 500 ? error.message : `Server Error: ${error.message}`));
  });
}

/** The App that GitHub Actions acts as; every job token and job check belongs to it. */
function seedActionsApp({ state, timestamp }: Platform): void {
  state.accounts.set(ACTIONS_APP.login, {
    id: ACTIONS_APP.id,
    login: ACTIONS_APP.login,
    name: ACTIONS_APP.login,
    email: `${ACTIONS_APP.id}+${ACTIONS_APP.login}@users.noreply.github.com`,
    type: 'Bot',
    owners: new Set(),
    createdAt: timestamp(),
  });
  state.apps.set(ACTIONS_APP.appId, {
    id: ACTIONS_APP.appId,
    slug: ACTIONS_APP.slug,
    name: 'GitHub Actions',
    clientId: 'Iv1.github-actions',
    botId: ACTIONS_APP.id,
    publicKey: null,
    webhookUrl: null,
    webhookSecret: '',
    permissions: {},
    events: [],
    createdAt: timestamp(),
  });
}
