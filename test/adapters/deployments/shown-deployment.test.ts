import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeployment } from '../../../adapters/deployments/create-deployment.ts';
import { type DeploymentStatus, setDeploymentStatus } from '../../../adapters/deployments/set-deployment-status.ts';
import { shownDeployment } from '../../../adapters/deployments/shown-deployment.ts';
import { openPlayground, type Playground } from '../../sandbox/github/open-playground.ts';

let play: Playground;
beforeAll(async () => {
  play = await openPlayground();
  const clone = await play.clone('dana', 'work');
  await clone.push('main', { a: 'a\n' }, 'First');
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await clone.git('tag', `m@v${version}`);
  await clone.git('push', '--quiet', '--tags', 'origin');
});
afterAll(() => play[Symbol.asyncDispose]());

/** One deployment with its statuses, in order. */
async function deployed(
  environment: string,
  version: string,
  states: readonly DeploymentStatus['state'][],
  model = 'm',
) {
  const tag = `m@v${version}`;
  const payload = {
    kind: 'pulltrain-deployment',
    version: 1,
    model,
    release: version,
    tag,
    sha256: 'a'.repeat(64),
  } as const;
  const github = play.as('dana');
  const production = environment.startsWith('production');
  const deploymentId = await createDeployment(github, { ...play.at, ref: tag, environment, production, payload });
  for (const state of states)
    await setDeploymentStatus(github, { ...play.at, deploymentId, state, description: state });
  return deploymentId;
}
const shown = async (environment: string) =>
  (await shownDeployment(play.as('ravi'), { ...play.at, environment, model: 'm' }))?.payload.release ?? null;

test('nothing is shown before the first success', async () => {
  expect(await shown('e1')).toBeNull();
  await deployed('e1', '1.0.0', ['in_progress']);
  expect(await shown('e1')).toBeNull();
});

test.each(['production-a', 'e2'])('in %s a failed rollout leaves the release before it shown', async (environment) => {
  await deployed(environment, '1.0.0', ['in_progress', 'success']);
  await deployed(environment, '1.1.0', ['in_progress', 'success']);
  await deployed(environment, '1.2.0', ['in_progress', 'failure']);
  expect(await shown(environment)).toBe('1.1.0');
});

test('other models, other environments and deployments of a job are not asked', async () => {
  await deployed('e3', '1.0.0', ['success']);
  await deployed('e3', '1.1.0', ['success'], 'other');
  await deployed('e4', '1.2.0', ['success']);
  await play.as('dana').rest.repos.createDeployment({
    ...play.at,
    ref: 'm@v1.2.0',
    environment: 'e3',
    auto_merge: false,
    required_contexts: [],
  });
  expect(await shown('e3')).toBe('1.0.0');
});

test('the number of calls does not grow with the number of deployments', async () => {
  for (let index = 0; index < 12; index += 1) await deployed('e5', '1.0.0', ['success']);
  const before = play.requests.length;
  expect(await shown('e5')).toBe('1.0.0');
  expect(play.requests.length - before).toBe(2);
});

test('a description is cut to what GitHub takes, between characters', async () => {
  const deploymentId = await deployed('e6', '1.0.0', []);
  await setDeploymentStatus(play.as('dana'), {
    ...play.at,
    deploymentId,
    state: 'in_progress',
    description: '🚀'.repeat(200),
  });
  const { data } = await play.as('ravi').rest.repos.listDeploymentStatuses({ ...play.at, deployment_id: deploymentId });
  expect(data[0]?.description).toBe(`${'🚀'.repeat(139)}…`);
});
