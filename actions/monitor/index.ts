import { tmpdir } from 'node:os';
import { getInput } from '@actions/core';
import { context, getOctokit } from '@actions/github';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';

void runAction(() =>
  main(
    {
      config: getInput('config') || 'pulltrain.yml',
      model: getInput('model'),
      environment: getInput('environment') || 'production',
      logs: getInput('logs', { required: true }),
      labelsRemote: getInput('labels-remote'),
    },
    {
      github: getOctokit(getInput('github-token', { required: true })),
      repository: context.repo,
      directory: process.env.GITHUB_WORKSPACE ?? process.cwd(),
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      summarize: process.env.GITHUB_STEP_SUMMARY !== undefined,
      clock: { now: () => new Date() },
    },
  ),
);
