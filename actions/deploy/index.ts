import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { getInput, info, setSecret } from '@actions/core';
import { context, getOctokit } from '@actions/github';
import { openModelServer } from '../../adapters/model-server/open-model-server.ts';
import { loadPolicy } from '../load-policy.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';

void runAction(async () => {
  const token = getInput('server-token', { required: true });
  setSecret(token);
  const { name: model, model: policy } = await loadPolicy(process.env.GITHUB_WORKSPACE ?? process.cwd(), context.sha, {
    config: getInput('config'),
    model: getInput('model'),
  });
  const { owner, repo } = context.repo;
  await main(
    {
      owner,
      repo,
      model,
      policy,
      tag: getInput('tag', { required: true }),
      sha256: getInput('sha256') || null,
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      environment: getInput('environment', { required: true }),
      logUrl: `${context.serverUrl}/${owner}/${repo}/actions/runs/${context.runId}`,
    },
    {
      github: getOctokit(getInput('github-token', { required: true })),
      server: openModelServer({ url: getInput('server-url', { required: true }), token, model }),
      clock: { now: () => new Date() },
      pause: async (milliseconds) => void (await pause(milliseconds)),
      say: info,
    },
  );
});
