import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { getInput, info, setOutput } from '@actions/core';
import { context, getOctokit } from '@actions/github';
import { openLedger } from '../../adapters/ledger/open-ledger.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';
import { parseEvent } from './parse-event.ts';

void runAction(async () => {
  const token = getInput('github-token', { required: true });
  const { GITHUB_EVENT_PATH: eventPath, GITHUB_WORKSPACE: checkout = process.cwd() } = process.env;
  if (eventPath === undefined) {
    throw new PulltrainError('event-missing', {
      what: 'GITHUB_EVENT_PATH is not set',
      cure: 'Run this in a workflow.',
    });
  }
  const github = getOctokit(token);
  const ranked = await main(
    {
      ...context.repo,
      run: parseEvent(JSON.parse(await readFile(eventPath, 'utf8'))),
      config: getInput('config') || 'pulltrain.yml',
      dataRemote: getInput('data-remote'),
      holdoutRemote: getInput('holdout-remote'),
      checkout,
      commit: context.sha,
      temporary: process.env.RUNNER_TEMP ?? tmpdir(),
      token,
    },
    { github, ledger: openLedger(github, context.repo), clock: { now: () => new Date() }, say: info },
  );
  setOutput('directory', ranked?.directory ?? '');
  setOutput('winner', String(ranked?.result.winner ?? ''));
});
