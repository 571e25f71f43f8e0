import { tmpdir } from 'node:os';
import { getInput, info } from '@actions/core';
import { context, getOctokit } from '@actions/github';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { identifyInTree } from '../../pipelines/features/identify-in-tree.ts';
import { pinFeatures } from '../../pipelines/features/pin-features.ts';
import { computeRunKey } from '../../pipelines/training/compute-run-key.ts';
import { loadPolicy } from '../load-policy.ts';
import { runAction } from '../run-action.ts';
import { main, sayNothingYet } from './main.ts';
import { readCardTexts } from './read-card-texts.ts';

void runAction(async () => {
  const { GITHUB_WORKSPACE: checkout = process.cwd(), RUNNER_TEMP: temporary = tmpdir() } = process.env;
  const { sha: commit, repo: place } = context;
  const subject = await loadPolicy(checkout, commit, { config: getInput('config'), model: getInput('model') });
  await using tree = await openCommitTree(checkout, commit);
  if ((await tree.read(subject.model.pipeline)) === null) return sayNothingYet(subject.name, subject.model.pipeline);
  const { key, stages } = await computeRunKey({ ...subject, tree });
  const features = await pinFeatures(
    { stages, served: subject.model.serve.features },
    { tree, identify: (path) => identifyInTree(tree, path) },
  );
  const text = await readCardTexts(tree, subject.name);
  const address = `${context.serverUrl}/${place.owner}/${place.repo}`;
  await main(
    { ...place, model: subject.name, key, commit, features, temporary, card: { text, address } },
    {
      github: getOctokit(getInput('github-token', { required: true })),
      clock: { now: () => new Date() },
      say: info,
    },
  );
});
