import { tmpdir } from 'node:os';
import { getInput } from '@actions/core';
import { context, getOctokit } from '@actions/github';
import { loadPolicy } from '../load-policy.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';

void runAction(async () => {
  const directory = process.env.GITHUB_WORKSPACE ?? process.cwd();
  const { name, model } = await loadPolicy(directory, context.sha, {
    config: getInput('config') || 'pulltrain.yml',
    model: getInput('model'),
  });
  await main(
    {
      name,
      model,
      environment: getInput('environment') || 'production',
      logs: getInput('logs', { required: true }),
      labelsRemote: getInput('labels-remote'),
    },
    {
      github: getOctokit(getInput('github-token', { required: true })),
      repository: context.repo,
      directory,
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      summarize: process.env.GITHUB_STEP_SUMMARY !== undefined,
      clock: { now: () => new Date() },
    },
  );
});
