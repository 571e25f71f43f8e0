import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Octokit } from '@octokit/rest';
import { PulltrainError } from '../../pipelines/errors.ts';

const run = promisify(execFile);

/** Path to new content; null deletes the file. */
export type Edits = Record<string, string | Uint8Array | null>;

/** Someone with an account and a clone: works by git and by the REST API, as a person would. */
export type Person = {
  login: string;
  octokit: Octokit;
  /**
   * Starts `branch` at the newest `from` (default `main`), applies the edits and the work, commits and pushes. Returns
   * the commit's sha.
   */
  push(change: PersonChange): Promise<string>;
};

export type PersonChange = {
  branch: string;
  from?: string;
  message: string;
  edits: Edits;
  /** Done in the clone before the commit, e.g. adding data. */
  work?: (directory: string) => Promise<void>;
};

type PersonOptions = { login: string; name: string; token: string; url: string; repository: string; directory: string };

/** Opens an account's clone at `directory`; it is made at the first push. The token travels in git's environment only. */
export function openPerson({ login, name, token, url, repository, directory }: PersonOptions): Person {
  const octokit = new Octokit({ auth: token, baseUrl: url, log: { debug() {}, info() {}, warn() {}, error() {} } });
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: directory,
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: name,
    GIT_CONFIG_KEY_2: 'user.email',
    // By this address the commits are the account's own on GitHub.
    GIT_CONFIG_VALUE_2: `${login}@users.noreply.github.com`,
  };

  async function git(...args: string[]): Promise<string> {
    try {
      const { stdout } = await run('git', args, { cwd: directory, env, maxBuffer: 64 * 1024 * 1024 });
      return stdout.trim();
    } catch (cause) {
      throw new PulltrainError('git-failed', { what: `git ${args[0]} failed for ${login}`, where: directory, cause });
    }
  }

  async function prepareClone(): Promise<void> {
    await mkdir(directory, { recursive: true });
    await git('init', '--quiet', '--initial-branch=main');
    const remotes = await git('remote');
    if (remotes === '') await git('remote', 'add', 'origin', `${url}/${repository}.git`);
    await git('fetch', '--quiet', '--prune', 'origin');
  }

  return {
    login,
    octokit,
    async push({ branch, from = 'main', message, edits, work }) {
      await prepareClone();
      const known = (await git('branch', '--remotes', '--list', `origin/${from}`)) !== '';
      if (known) await git('checkout', '--quiet', '--force', '-B', branch, `origin/${from}`);
      else await git('checkout', '--quiet', '--orphan', branch);
      for (const [path, content] of Object.entries(edits)) await applyEdit(join(directory, path), content);
      await work?.(directory);
      await git('add', '--all');
      await git('commit', '--quiet', '--message', message);
      await git('push', '--quiet', '--force', 'origin', `HEAD:refs/heads/${branch}`);
      return git('rev-parse', 'HEAD');
    },
  };
}

async function applyEdit(file: string, content: string | Uint8Array | null): Promise<void> {
  if (content === null) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
