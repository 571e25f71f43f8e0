import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import type { PlatformEvent } from '../../../sandbox/github/kernel.ts';
import { type LocalGitHub, startGitHub } from '../../../sandbox/github/start-github.ts';
import type { RunRecord } from '../../../sandbox/workflows/model/records.ts';
import { startWorkflows, type Workflows } from '../../../sandbox/workflows/start-workflows.ts';

const execute = promisify(execFile);
const runnerScript = fileURLToPath(new URL('../../../sandbox/runner/main.ts', import.meta.url));

export const repository = { owner: 'acme', name: 'flight-delays' };
export const at = { owner: 'acme', repo: 'flight-delays' };

export type ActionsUnderTest = {
  github: LocalGitHub;
  workflows: Workflows;
  octokit: Octokit;
  folder: string;
  events: PlatformEvent[];
  faults: string[];
  /** Pushes files as maya on top of what a branch has, or of `from` when it is new; returns the commit. */
  push(branch: string, files: Record<string, string>, from?: string): Promise<string>;
  /** Pushes one workflow to the default branch and waits until the run it starts has ended. */
  runWorkflow(workflow: string, files?: Record<string, string>): Promise<RunRecord>;
  startRunner(labels: string, options?: { actionsRoot?: string; name?: string }): Promise<ChildProcess>;
  newest(path?: string): RunRecord | undefined;
  finished(run: RunRecord | undefined): Promise<RunRecord>;
  until(test: () => boolean): Promise<void>;
  log(run: RunRecord, key?: string): string;
  close(): Promise<void>;
};

/** The engine on a real local GitHub that checks every exchange against GitHub's description; runners on demand. */
export async function startActions(): Promise<ActionsUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'pulltrain-workflows-'));
  const github = await startGitHub({ directory: join(folder, 'github'), checkOpenApi: true });
  const faults: string[] = [];
  const events: PlatformEvent[] = [];
  const workflows = await startWorkflows(github, {
    directory: join(folder, 'artifacts'),
    onFault: (message) => faults.push(message),
  });
  github.on((event) => events.push(event));
  const { token } = github.addUser({ login: 'maya', name: 'Maya Okafor' });
  github.addOrganization('acme', ['maya']);
  const quiet = { debug() {}, info() {}, warn() {}, error() {} };
  const octokit = new Octokit({ auth: token, baseUrl: `${github.url}/api/v3`, log: quiet });
  await octokit.rest.repos.createInOrg({ org: 'acme', name: 'flight-delays' });
  const git = await openClone(github.url, folder, token);
  const runners: ChildProcess[] = [];

  const until = (test: () => boolean) =>
    new Promise<void>((resolve) => {
      if (test()) {
        resolve();
        return;
      }
      const stop = workflows.onChange(() => {
        if (!test()) return;
        stop();
        resolve();
      });
    });
  const newest = (path?: string) =>
    workflows.runs(repository).find(({ workflow }) => path === undefined || workflow.path === path);
  const finished = async (run: RunRecord | undefined) => {
    if (run === undefined) throw new Error(`no run; faults: ${faults.join('; ')}`);
    await until(() => run.status === 'completed');
    return run;
  };
  const push = async (branch: string, files: Record<string, string>, from = 'main') => {
    const known = await git('ls-remote', '--heads', 'origin', branch, from);
    const base = known.includes(`refs/heads/${branch}`) ? branch : known.includes(`refs/heads/${from}`) ? from : null;
    if (base !== null) {
      await git('fetch', '--quiet', 'origin', base);
      await git('checkout', '--quiet', '--force', '-B', branch, 'FETCH_HEAD');
    }
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'clone', path)), { recursive: true });
      writeFileSync(join(folder, 'clone', path), content);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--allow-empty', '--message', `Change ${Object.keys(files).join(', ')}`);
    await git('push', '--quiet', 'origin', `HEAD:refs/heads/${branch}`);
    await workflows.settled();
    return git('rev-parse', 'HEAD');
  };
  return {
    github,
    workflows,
    octokit,
    folder,
    events,
    faults,
    push,
    until,
    newest,
    finished,
    async runWorkflow(workflow, files = {}) {
      const before = newest();
      await push('main', { ...files, '.github/workflows/test.yml': workflow });
      const run = newest();
      if (run === before) throw new Error(`no run; faults: ${faults.join('; ')}`);
      return finished(run);
    },
    async startRunner(labels, options = {}) {
      const name = options.name ?? `runner-${runners.length + 1}`;
      const runner = spawn(
        process.execPath,
        [
          runnerScript,
          ...['--url', workflows.runnerUrl, '--token', workflows.runnerToken, '--name', name],
          ...['--labels', labels, '--work', join(folder, name)],
          ...(options.actionsRoot === undefined ? [] : ['--actions-root', options.actionsRoot]),
        ],
        { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], env: { PATH: process.env.PATH ?? '', PARENT_SECRET: 'x' } },
      );
      runners.push(runner);
      await new Promise<void>((resolve, reject) => {
        runner.stdout?.once('data', () => resolve());
        runner.once('exit', (code) => reject(new Error(`the runner ended with ${code}`)));
      });
      return runner;
    },
    log: (run, key) =>
      run.jobs
        .filter((job) => key === undefined || job.key === key)
        .flatMap((job) => job.log.map((line) => line.text))
        .join('\n'),
    async close() {
      await Promise.all(runners.map(stopRunner));
      await workflows.close();
      try {
        await github.close();
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

async function openClone(url: string, folder: string, token: string) {
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'maya',
    GIT_AUTHOR_EMAIL: 'maya@acme.test',
    GIT_COMMITTER_NAME: 'maya',
    GIT_COMMITTER_EMAIL: 'maya@acme.test',
  };
  const remote = `${url.replace('//', `//x-access-token:${token}@`)}/acme/flight-delays.git`;
  const clone = join(folder, 'clone');
  await execute('git', ['clone', '--quiet', remote, clone], { env });
  return async (...args: string[]) => (await execute('git', args, { cwd: clone, env })).stdout.trim();
}

async function stopRunner(runner: ChildProcess): Promise<void> {
  if (runner.exitCode !== null || runner.signalCode !== null) return;
  const ended = new Promise((resolve) => runner.once('exit', resolve));
  runner.kill('SIGTERM');
  await ended;
}
