import { tmpdir } from 'node:os';
import { getInput } from '@actions/core';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';

const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancelled.abort());

void runAction(() =>
  main(
    { config: getInput('config'), model: getInput('model'), dataRemote: getInput('data-remote') },
    {
      directory: process.env.GITHUB_WORKSPACE ?? process.cwd(),
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      environment: process.env,
      signal: cancelled.signal,
    },
  ),
);
