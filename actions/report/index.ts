import { tmpdir } from 'node:os';
import { getInput, info, setOutput, summary, warning } from '@actions/core';
import { context } from '@actions/github';
import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import { renderSummary } from '../../reports/render-summary.ts';
import { loadPolicy } from '../load-policy.ts';
import { nameModel } from '../name-model.ts';
import { runAction } from '../run-action.ts';
import { main } from './main.ts';
import { startPage } from './start-page.ts';

void runAction(async () => {
  const { GITHUB_WORKSPACE: checkout = process.cwd(), RUNNER_TEMP: temporary = tmpdir() } = process.env;
  const subject = { config: getInput('config') || 'pulltrain.yml', model: getInput('model') };
  const { name, model: policy } = await loadPolicy(checkout, context.sha, subject).catch(async (thrown: unknown) => {
    const name = thrown instanceof ConfigInvalid ? await nameModel(checkout, context.sha, subject) : null;
    if (name === null) throw thrown;
    return { name, model: null };
  });
  const { owner, repo } = context.repo;
  const runs = `${context.serverUrl}/${owner}/${repo}/actions/runs`;
  const { directory, judgement, links, page } = await main(
    {
      model: name,
      policy,
      directory: getInput('directory', { required: true }),
      temporary,
      runs,
      runId: context.runId,
    },
    { clock: { now: () => new Date() }, startPage },
  );
  setOutput('directory', directory);
  setOutput('page', page.file ?? '');
  if (page.file === null) warning(`The page with the pictures could not be drawn: ${page.reason}`);
  setOutput('verdict', judgement.verdict.status);
  info(
    `${judgement.verdict.status}: ${judgement.verdict.gates.map(({ gate, status }) => `${gate} ${status}`).join(', ')}`,
  );
  if (process.env.GITHUB_STEP_SUMMARY !== undefined)
    await summary.addRaw(renderSummary(judgement, links), true).write();
});
