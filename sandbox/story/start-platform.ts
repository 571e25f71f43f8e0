import { join } from 'node:path';
import { type LocalGitHub, startGitHub } from '../github/start-github.ts';
import { type PagesOptions, registerPages } from '../pages/register-pages.ts';
import { startWorkflows, type Workflows } from '../workflows/start-workflows.ts';
import { owner } from './story.ts';

type GitHubOptions = Parameters<typeof startGitHub>[0];
export type PlatformOptions = Pick<GitHubOptions, 'requestLog' | 'checkOpenApi'> & {
  directory: string;
  port: number;
  webhookSecret: string;
  /** Links for the front page. */
  links: NonNullable<PagesOptions['story']>;
};

export type StoryPlatform = {
  github: LocalGitHub;
  workflows: Workflows;
  tokens: { maya: string; dana: string };
  app: { appId: number; privateKey: string };
  close(): Promise<void>;
};

/** What the App asks for when it is installed; docs/architecture.md says why each is needed. */
const appPermissions = {
  actions: 'write',
  checks: 'write',
  contents: 'write',
  issues: 'write',
  pull_requests: 'write',
} as const;
const appEvents = ['issue_comment', 'pull_request', 'workflow_run'];

/** Starts the local GitHub with its pages, its accounts and the Pulltrain App; there is no repository yet. */
export async function startPlatform(options: PlatformOptions): Promise<StoryPlatform> {
  const { directory, port, webhookSecret, links, requestLog, checkOpenApi = false } = options;
  const github = await startGitHub({
    directory: join(directory, 'github'),
    port,
    ...(requestLog === undefined ? {} : { requestLog }),
    checkOpenApi,
  });
  const workflows = await startWorkflows(github, { directory: join(directory, 'artifacts') });
  const maya = github.addUser({ login: 'maya', name: 'Maya Okafor' });
  const dana = github.addUser({ login: 'dana', name: 'Dana Lindqvist' });
  github.addOrganization(owner, ['dana']);
  const app = github.addApp({
    slug: 'pulltrain',
    name: 'Pulltrain',
    webhookUrl: null,
    webhookSecret,
    permissions: appPermissions,
    events: appEvents,
  });
  registerPages(github.server, {
    api: (path) => getAs(github.url, dana.token, path),
    now: () => new Date(),
    story: links,
    accounts: () => [owner, 'maya', 'dana', 'pulltrain[bot]'],
    watchJob: (id) => workflows.job(id)?.job ?? null,
  });
  return {
    github,
    workflows,
    tokens: { maya: maya.token, dana: dana.token },
    app: { appId: app.appId, privateKey: app.privateKey },
    async close() {
      await workflows.close();
      await github.close();
    },
  };
}

async function getAs(url: string, token: string, path: string) {
  const response = await fetch(`${url}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return { status: response.status, text, body: isJson ? JSON.parse(text) : null };
}
