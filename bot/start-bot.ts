import { once } from 'node:events';
import { createServer } from 'node:http';
import { createProbot, type Probot, ProbotOctokit } from 'probot';
import type { Author } from '../adapters/github/is-written-by.ts';
import { openLedger } from '../adapters/ledger/open-ledger.ts';
import { describeError } from '../pipelines/describe-error.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { Clock } from '../pipelines/ports/clock.ts';
import { eventPlace, repositoryEventSchema } from './events/repository-event.ts';
import { handleEvent, subscribed } from './handle-event.ts';
import { openQueue } from './open-queue.ts';
import type { BotLog } from './ports.ts';
import type { BotSettings } from './read-environment.ts';
import { receiveWebhook } from './receive-webhook.ts';

const webhookPath = '/api/github/webhooks';

export type RunningBot = {
  /** Address webhooks are sent to. */
  url: string;
  /** Resolves when no event is being worked on. */
  idle(): Promise<void>;
  /** Takes no more events, finishes those accepted, and lets the port go. */
  close(): Promise<void>;
};

/** Starts the App: a signed webhook in, a journey run, and nothing kept. `log` must hide the settings' secrets. */
export async function startBot(settings: BotSettings, clock: Clock, log: BotLog): Promise<RunningBot> {
  const probot = createProbot({
    env: {},
    overrides: {
      appId: settings.appId,
      privateKey: settings.privateKey,
      secret: settings.secret,
      baseUrl: settings.apiUrl,
      // Probot would log to standard output and print messages of errors unredacted.
      logLevel: 'fatal',
      Octokit: octokitFor(settings.apiUrl),
    },
  });
  await probot.ready();
  const queue = openQueue();
  const accepted = new Set<Promise<void>>();
  const idle = async (): Promise<void> => {
    await Promise.all(accepted);
    await queue.idle();
  };
  const author = remember(() => readAuthor(probot));

  for (const name of subscribed) {
    probot.on(name, ({ id, payload, octokit }) => {
      const { owner, repo } = eventPlace(repositoryEventSchema.parse(payload));
      queue.add(`${owner}/${repo}`.toLowerCase(), async () => {
        const facts = { delivery: id, event: name, repository: `${owner}/${repo}` };
        try {
          const ledger = openLedger(octokit, { owner, repo });
          const own = withFacts(log, facts);
          await handleEvent(name, payload, { github: octokit, ledger, author: await author(), clock, log: own });
          log.info(facts, 'handled');
        } catch (error) {
          log.error({ ...facts, ...faultFacts(error) }, 'a handler failed');
        }
      });
    });
  }

  const server = createServer((request, response) => {
    receiveWebhook(request, response, {
      path: webhookPath,
      verify: ({ body, signature }) => probot.webhooks.verify(body, signature).catch(() => false),
      accept: ({ id, name, body, signature }) => {
        const received = probot.webhooks
          .verifyAndReceive({ id, name, payload: body, signature })
          .catch((error: unknown) => log.error({ delivery: id, event: name, ...faultFacts(error) }, 'not understood'))
          .finally(() => accepted.delete(received));
        accepted.add(received);
      },
    }).catch((error: unknown) => {
      log.error(faultFacts(error), 'a request broke off');
      response.destroy();
    });
  });
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : settings.port;
  return {
    url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}${webhookPath}`,
    idle,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await idle();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Throttling keeps github.com's limits, three seconds between comments; a GitHub on this machine has none to keep. */
function octokitFor(apiUrl: string): typeof ProbotOctokit {
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(apiUrl).hostname);
  if (!local) return ProbotOctokit;
  return ProbotOctokit.defaults((options: Record<string, unknown>) => ({
    ...options,
    throttle: { enabled: false },
    retry: { enabled: false },
  }));
}

/** The App's own login, by which it recognises what it wrote. */
async function readAuthor(probot: Probot): Promise<Author> {
  const app = await probot.auth();
  const { data } = await app.rest.apps.getAuthenticated();
  if (typeof data?.slug !== 'string')
    throw new PulltrainError('app-unknown', { what: 'GitHub names no slug of the App' });
  return { login: `${data.slug}[bot]`, appId: data.id };
}

/** Asks once; a failure is not remembered. */
function remember<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let answer: Promise<Value> | null = null;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null;
      throw error;
    });
    return answer;
  };
}

function faultFacts(error: unknown): Record<string, unknown> {
  return { code: error instanceof PulltrainError ? error.code : 'internal', reason: describeError(error) };
}

function withFacts(log: BotLog, facts: Record<string, unknown>): BotLog {
  return {
    info: (more, message) => log.info({ ...facts, ...more }, message),
    error: (more, message) => log.error({ ...facts, ...more }, message),
  };
}
