import Fastify, { type FastifyInstance } from 'fastify';
import { registerPages } from '../../../sandbox/pages/register-pages.ts';
import { answers, now, watched } from './fixtures/github-answers.ts';

export type FakeGithub = { url: string; server: FastifyInstance; close(): Promise<void> };

/** GitHub's answers from fixtures over real HTTP, with the pages on the same server. `changes` replaces answers by path, also later. */
export async function startFakeGithub(changes: Record<string, unknown> = {}): Promise<FakeGithub> {
  const server = Fastify({ routerOptions: { maxParamLength: 2000 } });
  const known = (path: string) => changes[path] ?? answers[path];
  server.get('/repos/*', (request, reply) => {
    const { pathname, searchParams } = new URL(request.url, 'http://local');
    const answer = known(decodeURIComponent(pathname));
    const page = Number(searchParams.get('page') ?? 1);
    if (answer === undefined) return reply.code(404).send({ message: 'Not Found', status: '404' });
    if (typeof answer === 'string') return reply.type('text/plain').send(answer);
    return reply.send(page > 1 && Array.isArray(answer) ? [] : answer);
  });
  server.get('/users/:login', (request, reply) => known(decodeURIComponent(request.url)) ?? reply.code(404).send({}));
  server.get('/orgs/acme/repos', () => known('/orgs/acme/repos'));
  let url = '';
  registerPages(server, {
    api: (path) => get(`${url}${path}`),
    accounts: () => ['acme', 'maya', 'dana', 'pulltrain[bot]'],
    watchJob: (id) => watched[id] ?? null,
    now: () => now,
    story: () => [
      {
        title: '1. First model',
        steps: [
          { text: 'Pull request #1 merged', link: '/acme/flight-delays/pull/1', note: null, outcome: 'good' },
          { text: 'Production answers', link: null, note: '4,832 flights', outcome: 'good' },
        ],
        running: null,
        facts: { held: 9, broken: 0 },
      },
      {
        title: '2. A worse one',
        steps: [{ text: 'Its check', link: '/acme/flight-delays/pull/3', note: 'fails roc_auc <b>', outcome: 'bad' }],
        running: 'Maya tries to merge it',
        facts: { held: 3, broken: 1 },
      },
    ],
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url, server, close: () => server.close() };
}

async function get(address: string): Promise<{ status: number; body: unknown; text: string }> {
  const response = await fetch(address);
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : null, text };
}
