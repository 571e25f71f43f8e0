import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setOutput, summary } from '@actions/core';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Deployed, DeployPorts, DeployRequest } from './deploy.ts';
import { deploy } from './deploy.ts';

/** Deploys, hands over how it ended, tells it in the summary of the job, and fails the job after a rollback. */
export async function main(
  request: DeployRequest & { /** Folder for what is handed over. */ temporary: string },
  ports: Omit<DeployPorts, 'keep'>,
): Promise<void> {
  const directory = join(
    request.temporary,
    'pulltrain-deployment',
    request.model,
    encodeURIComponent(request.environment),
  );
  const deployed = await deploy(request, {
    ...ports,
    async keep(record) {
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'deployment.json'), `${JSON.stringify(record, null, 2)}\n`);
      setOutput('directory', directory);
    },
  });
  setOutput('status', deployed.status);
  await summarise(request, deployed);
  const last = deployed.steps.at(-1);
  if (deployed.status === 'rolled-back') {
    throw new PulltrainError('rolled-back', {
      what: `${request.tag} was rolled back from ${request.environment}`,
      seen: `${last?.step}: ${last?.message}`,
      cure: 'The release that served before has all traffic again.',
    });
  }
}

async function summarise({ tag, environment }: DeployRequest, { status, plan, steps }: Deployed): Promise<void> {
  const outcome = status === 'advanced' ? 'serves' : 'was rolled back from';
  summary.addHeading(`${tag} ${outcome} ${environment}`, 3);
  if (plan === null) summary.addRaw('It did so already; nothing was moved.', true);
  if (steps.length > 0) {
    summary.addTable([
      ['step', 'decision', 'rows', 'what was seen'].map((data) => ({ data, header: true })),
      ...steps.map(({ step, decision, rows, message }) => [step, decision, rows.toLocaleString('en-US'), message]),
    ]);
  }
  // Outside a runner there is nowhere to write it, and nothing else depends on it.
  await summary.write().catch(() => undefined);
}
