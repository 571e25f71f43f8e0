import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { getInput } from '@actions/core';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';

const cancelled = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => cancelled.abort());

/** Stages may call `pulltrain`: in the bundle it lies beside this file, else in the sources. */
const command = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../cli/main.mjs' : 'pulltrain.cjs', import.meta.url),
);

void runAction(() =>
  main(
    {
      config: getInput('config'),
      model: getInput('model'),
      dataRemote: getInput('data-remote'),
      parameters: getInput('parameters'),
      runCache: getInput('run-cache'),
    },
    {
      directory: process.env.GITHUB_WORKSPACE ?? process.cwd(),
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      environment: process.env,
      command,
      signal: cancelled.signal,
    },
  ),
);
