import Fastify, { type FastifyInstance } from 'fastify';
import { openLocalApi } from '../../../sandbox/pages/github/open-local-api.ts';
import { registerPages } from '../../../sandbox/pages/register-pages.ts';
import { answers, now } from './fixtures/github-answers.ts';

export type FakeGithub = { url: string; server: FastifyInstance; close(): Promise<void> };

/** GitHub's answers from fixtures over real HTTP, with the pages on the same server. `changes` replaces answers by path. */
export async function startFakeGithub(changes: Record<string, unknown> = {}): Promise<FakeGithub> {
  const server = Fastify({ routerOptions: { maxParamLength: 2000 } });
  const known = { ...answers, ...changes };
  server.get('/repos/*', (request, reply) => {
    const { pathname, searchParams } = new URL(request.url, 'http://local');
    const answer = known[decodeURIComponent(pathname)];
    const page = Number(searchParams.get('page') ?? 1);
    if (answer === undefined) return reply.code(404).send({ message: 'Not Found', status: '404' });
    if (typeof answer === 'string') return reply.type('text/plain').send(answer);
    return reply.send(page > 1 && Array.isArray(answer) ? [] : answer);
  });
  for (const path of ['/repositories', '/users', '/users/maya']) server.get(path, () => known[path]);
  let url = '';
  registerPages(server, {
    api: (path) => openLocalApi(url, 'token')(path),
    now: () => now,
    story: () => [
      { chapter: 'First model', text: 'Pull request #1 merged', link: '/acme/flight-delays/pull/1' },
      { chapter: 'First model', text: 'flight-delay@v1.0.0 is in production', link: '/acme/flight-delays/deployments' },
      { chapter: 'A better one', text: 'Pull request #2 is judged', link: '/acme/flight-delays/pull/2' },
    ],
  });
  url = await server.listen({ port: 0, host: '127.0.0.1' });
  return { url, server, close: () => server.close() };
}
