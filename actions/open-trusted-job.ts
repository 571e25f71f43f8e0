import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { getInput } from '@actions/core';
import { context } from '@actions/github';
import { PulltrainError } from '../pipelines/errors.ts';

/** What a job of the default branch that looks at another workflow's run is given: the event as data, and its places. */
export type TrustedJob = {
  event: unknown;
  place: {
    owner: string;
    repo: string;
    config: string;
    dataRemote: string;
    holdoutRemote: string;
    /** Checkout of the default branch, and the commit of it that counts. */
    checkout: string;
    commit: string;
    temporary: string;
    token: string;
  };
};

/** Throws `event-missing` outside of a workflow. */
export async function openTrustedJob(): Promise<TrustedJob> {
  const token = getInput('github-token', { required: true });
  const { GITHUB_EVENT_PATH: eventPath, GITHUB_WORKSPACE: checkout = process.cwd(), RUNNER_TEMP } = process.env;
  if (eventPath === undefined) {
    throw new PulltrainError('event-missing', {
      what: 'GITHUB_EVENT_PATH is not set',
      cure: 'Run this in a workflow.',
    });
  }
  return {
    event: JSON.parse(await readFile(eventPath, 'utf8')),
    place: {
      ...context.repo,
      config: getInput('config') || 'pulltrain.yml',
      dataRemote: getInput('data-remote'),
      holdoutRemote: getInput('holdout-remote'),
      checkout,
      commit: context.sha,
      temporary: RUNNER_TEMP ?? tmpdir(),
      token,
    },
  };
}
