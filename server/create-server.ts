import Fastify, { type FastifyInstance } from 'fastify';
import { describeError } from '../pipelines/describe-error.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { Clock } from '../pipelines/ports/clock.ts';
import type { OnlineStore } from '../pipelines/ports/online-store.ts';
import { openExplainer } from './explain/open-explainer.ts';
import { openFeatureSource } from './features/open-feature-source.ts';
import { openPredictionLog } from './log/open-prediction-log.ts';
import { openModelStore } from './models/open-model-store.ts';
import { countRequests } from './observe/count-requests.ts';
import { openSlots } from './open-slots.ts';
import { addControlRoutes } from './routes/add-control-routes.ts';
import { addFeatureRoutes } from './routes/add-feature-routes.ts';
import { addInferenceRoutes } from './routes/add-inference-routes.ts';
import { statusOf } from './routes/status-of.ts';

export type ServerOptions = {
  /** Shown in the server's metadata: the environment it serves. */
  name: string;
  /** Folder of models and traffic. */
  data: string;
  /** Folder of the prediction log. */
  log: string;
  /** Bearer token of the control routes, 32 characters at least. */
  token: string;
  /** Requests that may wait for one version; the next gets 503. */
  queueLimit?: number;
  /** Where features are looked up; null when the server has no online store. It is closed with the server. */
  online?: OnlineStore | null;
  onFault(fault: unknown): void;
};

export type ModelServer = {
  app: FastifyInstance;
  /** Answers what it has begun, writes the log out, releases the models. */
  close(): Promise<void>;
};

const shortestToken = 32;

/** The model server, ready to listen. Throws `token-too-short` and what opening its folders throws. */
export async function createServer(options: ServerOptions, clock: Clock): Promise<ModelServer> {
  const { name, data, token, queueLimit = 64, online = null, onFault } = options;
  if (token.length < shortestToken) {
    throw new PulltrainError('token-too-short', {
      what: 'the token of the control routes is too short',
      seen: `${token.length} characters`,
      allowed: `${shortestToken} at least`,
      cure: 'Make one with: openssl rand -hex 32',
    });
  }
  const slots = await openSlots(openModelStore(data), clock);
  const log = openPredictionLog(options.log, onFault);
  const counter = countRequests();
  const explainer = openExplainer();
  const features = online === null ? null : openFeatureSource(online, clock);
  let draining = false;

  const app = Fastify({ logger: false, forceCloseConnections: 'idle', routerOptions: { ignoreTrailingSlash: true } });
  app.setErrorHandler((fault, _request, reply) => {
    const status = statusOf(fault);
    if (status === 503) void reply.header('retry-after', '1');
    if (status === 500) onFault(fault);
    return reply.code(status).send({ error: describeError(fault) });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ error: `no route ${request.method} ${request.url}` }),
  );
  addInferenceRoutes(app, slots, {
    name,
    clock,
    log,
    counter,
    queueLimit,
    features,
    explainer,
    isDraining: () => draining,
  });
  if (features !== null) addFeatureRoutes(app, features);
  addControlRoutes(app, slots, { token, features });
  app.get('/metrics', (_request, reply) => {
    const dropped = ['# TYPE pulltrain_log_dropped_rows counter', `pulltrain_log_dropped_rows ${log.dropped()}`, ''];
    return reply.type('text/plain; version=0.0.4').send(counter.print() + dropped.join('\n'));
  });

  return {
    app,
    async close() {
      draining = true;
      await app.close();
      // Models first: a shadow may still be writing its lines.
      await slots.close();
      await log.close();
      await online?.close();
    },
  };
}
