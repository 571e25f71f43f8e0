import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type GitData, gitData, gitRoutes } from './fake-git-data.ts';

/** An answer of GitHub other than success. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function notFound(): never {
  throw new Refusal(404, 'Not Found');
}

// biome-ignore lint/suspicious/noExplicitAny: bodies of requests are taken as the clients send them.
type Body = any;
export type FakeRequest = { params: string[]; query: URLSearchParams; body: Body };
export type FakeRoute = [method: string, path: string, handle: (request: FakeRequest) => unknown];
type Comment = { id: number; issue: number; body: string; login: string; appId: number | null };
type Issue = {
  number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  login: string;
  labels: string[];
  pull: { head: string; headSha: string; base: string; repositoryId?: number } | null;
  createdAt: string;
};
type Check = { id: number; name: string; headSha: string; appId: number; [key: string]: unknown };

export type FakeGitHub = {
  url: string;
  git: GitData;
  comments: Comment[];
  issues: Issue[];
  checks: Check[];
  reactions: { comment: number; content: string }[];
  permissions: Map<string, string>;
  /** Artifacts by run: name to zip. */
  artifacts: Map<number, Record<string, Uint8Array>>;
  runs: Map<number, Record<string, unknown>>;
  /** Workflows that were started by hand or by the App. */
  dispatches: { workflow: string; ref: string; inputs: Record<string, string> }[];
  /** `METHOD /path` of every call, tokens aside. */
  calls: string[];
  /** Called before a route; may throw a `Refusal`, wait, or change the state under the client. */
  onCall: (call: string) => void | Promise<void>;
  close(): Promise<void>;
};

const fakeApp = { id: 77, slug: 'pulltrain' };
const bot = { login: `${fakeApp.slug}[bot]`, type: 'Bot' };

/** A small GitHub over HTTP with one repository: enough to hold the bot to its word, in memory. */
export async function startFakeGitHub(): Promise<FakeGitHub> {
  const state: FakeGitHub = {
    url: '',
    git: gitData(),
    comments: [],
    issues: [],
    checks: [],
    reactions: [],
    permissions: new Map(),
    artifacts: new Map(),
    runs: new Map(),
    dispatches: [],
    calls: [],
    onCall: () => undefined,
    close: async () => undefined,
  };
  const routes = [...gitRoutes(state.git), ...issueRoutes(state), ...pullRoutes(state), ...otherRoutes(state)].map(
    ([method, path, handle]) => ({
      method,
      pattern: new RegExp(`^${path.replace(/:\w+/g, '([^/]+)')}$`),
      handle,
    }),
  );
  const server = createServer((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(Buffer.from(part));
    const text = Buffer.concat(parts).toString();
    const call = `${request.method} ${decodeURIComponent(url.pathname)}`;
    const send = (status: number, body: unknown) => {
      const bytes = body instanceof Uint8Array;
      const page =
        Array.isArray(body) && body.length === Number(url.searchParams.get('per_page')) ? nextPage(url) : null;
      response.writeHead(status, {
        'content-type': bytes ? 'application/zip' : 'application/json; charset=utf-8',
        ...(page === null ? {} : { link: `<${state.url}${page}>; rel="next"` }),
      });
      response.end(bytes ? body : JSON.stringify(body));
    };
    try {
      if (!call.startsWith('POST /app')) {
        state.calls.push(call);
        await state.onCall(call);
      }
      for (const { method, pattern, handle } of routes) {
        const match = method === request.method ? pattern.exec(decodeURIComponent(url.pathname)) : null;
        if (match === null) continue;
        const body = text === '' ? {} : JSON.parse(text);
        send(method === 'POST' ? 201 : 200, handle({ params: match.slice(1), query: url.searchParams, body }));
        return;
      }
      send(501, { message: `the fake has no ${call}` });
    } catch (error) {
      send(error instanceof Refusal ? error.status : 500, { message: String(error) });
    }
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  state.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  state.close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return state;
}

function nextPage(url: URL): string {
  const next = new URL(url);
  next.searchParams.set('page', String(Number(url.searchParams.get('page') ?? 1) + 1));
  return `${next.pathname}${next.search}`;
}

function issueRoutes(state: FakeGitHub): FakeRoute[] {
  const comment = ({ id, body, login, appId }: Comment) => ({
    id,
    body,
    html_url: `https://github.test/comments/${id}`,
    user: login === bot.login ? bot : { login, type: 'User' },
    performed_via_github_app: appId === null ? null : { id: appId },
  });
  const issue = (one: Issue) => ({
    number: one.number,
    title: one.title,
    body: one.body,
    state: one.state,
    html_url: `https://github.test/issues/${one.number}`,
    user: { login: one.login },
    created_at: one.createdAt,
    ...(one.pull === null ? {} : { pull_request: {} }),
  });
  const find = (number: string | undefined) => state.issues.find((one) => one.number === Number(number)) ?? notFound();
  const issues = '/repos/:owner/:repo/issues';
  return [
    [
      'GET',
      issues,
      ({ query }) =>
        state.issues
          .filter(({ labels }) => labels.includes(query.get('labels') ?? ''))
          .toReversed()
          .map(issue),
    ],
    [
      'POST',
      issues,
      ({ body }) => {
        const opened = newIssue(state, { title: body.title, body: body.body, labels: body.labels, login: bot.login });
        return issue(opened);
      },
    ],
    ['PATCH', `${issues}/(\\d+)`, ({ params: [, , number], body }) => issue(Object.assign(find(number), body))],
    [
      'POST',
      `${issues}/(\\d+)/labels`,
      ({ params: [, , number], body }) => {
        find(number).labels.push(...body.labels);
        return [];
      },
    ],
    [
      'GET',
      `${issues}/(\\d+)/comments`,
      ({ params: [, , number], query }) => {
        const all = state.comments.filter((one) => one.issue === Number(number));
        const page = Number(query.get('page') ?? 1);
        const size = Number(query.get('per_page') ?? 30);
        return all.slice((page - 1) * size, page * size).map(comment);
      },
    ],
    [
      'POST',
      `${issues}/(\\d+)/comments`,
      ({ params: [, , number], body }) => {
        const id = 1000 + state.comments.length;
        const made = { id, issue: Number(number), body: body.body, login: bot.login, appId: fakeApp.id };
        state.comments.push(made);
        return comment(made);
      },
    ],
    [
      'PATCH',
      `${issues}/comments/(\\d+)`,
      ({ params: [, , id], body }) =>
        comment(Object.assign(state.comments.find((one) => one.id === Number(id)) ?? notFound(), body)),
    ],
    [
      'DELETE',
      `${issues}/comments/(\\d+)`,
      ({ params: [, , id] }) => {
        state.comments.splice(
          state.comments.findIndex((one) => one.id === Number(id)),
          1,
        );
        return {};
      },
    ],
    [
      'POST',
      `${issues}/comments/(\\d+)/reactions`,
      ({ params: [, , id], body }) => {
        const made = { comment: Number(id), content: String(body.content) };
        if (!state.reactions.some((one) => one.comment === made.comment && one.content === made.content)) {
          state.reactions.push(made);
        }
        return made;
      },
    ],
  ];
}

/** Adds an issue, or a pull request when `pull` is given. */
export function newIssue(state: FakeGitHub, issue: Partial<Issue>): Issue {
  const made: Issue = {
    number: state.issues.length + 1,
    title: '',
    body: '',
    state: 'open',
    login: 'maya',
    labels: [],
    pull: null,
    createdAt: '2026-01-01T00:00:00Z',
    ...issue,
  };
  state.issues.push(made);
  return made;
}

function pullRoutes(state: FakeGitHub): FakeRoute[] {
  const pull = (one: Issue) => ({
    number: one.number,
    title: one.title,
    body: one.body,
    state: one.state,
    html_url: `https://github.test/pull/${one.number}`,
    head: { sha: one.pull?.headSha, ref: one.pull?.head, repo: { id: one.pull?.repositoryId ?? 42 } },
    base: { ref: one.pull?.base },
  });
  return [
    [
      'GET',
      '/repos/:owner/:repo/pulls',
      ({ query }) =>
        state.issues
          .filter((one) => one.pull !== null && one.state === query.get('state'))
          .filter((one) => `acme:${one.pull?.head}` === query.get('head'))
          .map(pull),
    ],
    [
      'POST',
      '/repos/:owner/:repo/pulls',
      ({ body }) =>
        pull(
          newIssue(state, {
            title: body.title,
            body: body.body,
            login: bot.login,
            pull: { head: body.head, headSha: state.git.refs.get(`heads/${body.head}`) ?? '', base: body.base },
          }),
        ),
    ],
    [
      'GET',
      '/repos/:owner/:repo/pulls/(\\d+)',
      ({ params: [, , number] }) => pull(state.issues.find((one) => one.number === Number(number)) ?? notFound()),
    ],
  ];
}

function otherRoutes(state: FakeGitHub): FakeRoute[] {
  const check = ({ appId, headSha, ...facts }: Check) => ({ ...facts, head_sha: headSha, app: { id: appId } });
  return [
    ['GET', '/app', () => ({ id: fakeApp.id, slug: fakeApp.slug })],
    [
      'POST',
      '/app/installations/:id/access_tokens',
      () => ({ token: 'ghs_fakefakefakefake', expires_at: '2999-01-01T00:00:00Z', permissions: {} }),
    ],
    [
      'GET',
      '/repos/:owner/:repo/collaborators/:user/permission',
      ({ params: [, , user = ''] }) => ({ permission: state.permissions.get(user) ?? notFound() }),
    ],
    [
      'GET',
      '/repos/:owner/:repo/commits/:sha/check-runs',
      ({ params: [, , sha], query }) => {
        const found = state.checks.filter((one) => one.headSha === sha && one.name === query.get('check_name'));
        return { total_count: found.length, check_runs: found.map(check) };
      },
    ],
    [
      'POST',
      '/repos/:owner/:repo/check-runs',
      ({ body: { head_sha: headSha, ...body } }) => {
        const made = { ...body, id: 500 + state.checks.length, headSha, appId: fakeApp.id };
        state.checks.push(made);
        return check(made);
      },
    ],
    [
      'PATCH',
      '/repos/:owner/:repo/check-runs/(\\d+)',
      ({ params: [, , id], body }) =>
        check(Object.assign(state.checks.find((one) => one.id === Number(id)) ?? notFound(), body)),
    ],
    [
      'GET',
      '/repos/:owner/:repo/actions/runs/(\\d+)/artifacts',
      ({ params: [, , id], query }) => {
        const wanted = query.get('name');
        const artifacts = Object.keys(state.artifacts.get(Number(id)) ?? {})
          .map((name, index) => ({ id: Number(id) * 100 + index, name, expired: false, size_in_bytes: 100 }))
          .filter(({ name }) => wanted === null || name === wanted);
        return { total_count: artifacts.length, artifacts };
      },
    ],
    [
      'GET',
      '/repos/:owner/:repo/actions/artifacts/(\\d+)/zip',
      ({ params: [, , id] }) =>
        Object.values(state.artifacts.get(Math.floor(Number(id) / 100)) ?? {})[Number(id) % 100] ?? notFound(),
    ],
    [
      'POST',
      '/repos/:owner/:repo/actions/workflows/([\\w.]+)/dispatches',
      ({ params: [, , workflow = ''], body }) => {
        state.dispatches.push({ workflow, ref: body.ref, inputs: body.inputs });
        return { workflow_run_id: 7, html_url: `https://github.test/actions/runs/${state.dispatches.length}` };
      },
    ],
    [
      'GET',
      '/repos/:owner/:repo/actions/runs/(\\d+)',
      ({ params: [, , id] }) => state.runs.get(Number(id)) ?? notFound(),
    ],
  ];
}
