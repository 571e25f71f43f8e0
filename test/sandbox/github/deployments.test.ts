import { expect, test } from 'vitest';
import { openPlayground } from './open-playground.ts';

test('deployments merge first, want green checks, and retire what they replace', async () => {
  await using play = await openPlayground();
  const clone = await play.clone('maya', 'work');
  const sha = await clone.push('main', { 'a.txt': 'a\n' }, 'First');
  const token = play.github.issueJobToken(play.repository, { runId: 1, jobId: 1 }, { deployments: 'write' });
  const job = play.withToken(token);
  const deploy = (environment: string, more: object = {}) =>
    job.rest.repos.createDeployment({
      ...play.at,
      ref: 'main',
      environment,
      auto_merge: false,
      required_contexts: [],
      payload: { tag: 'flight-delay@v1.0.0' },
      ...more,
    });
  const states = async (id: number) =>
    (await job.rest.repos.listDeploymentStatuses({ ...play.at, deployment_id: id })).data.map(({ state }) => state);
  const succeed = (id: number) =>
    job.rest.repos.createDeploymentStatus({ ...play.at, deployment_id: id, state: 'success', description: 'ok' });
  const made = async (environment: string) => {
    const { data } = await deploy(environment);
    if (!('id' in data)) throw new Error('no deployment');
    return data.id;
  };
  const first = await made('staging');
  await succeed(first);
  const second = await made('staging');
  await succeed(second);
  expect(await states(first)).toEqual(['inactive', 'success']);
  const production = await made('production');
  await succeed(production);
  const next = await made('production');
  await succeed(next);
  expect(await states(production)).toEqual(['success']);
  const listed = await job.rest.repos.listDeployments({ ...play.at, environment: 'production' });
  expect(listed.data.map(({ id, sha: at, payload }) => [id, at, payload])).toEqual([
    [next, sha, { tag: 'flight-delay@v1.0.0' }],
    [production, sha, { tag: 'flight-delay@v1.0.0' }],
  ]);

  const one = { ...play.at, deployment_id: first };
  expect((await job.rest.repos.getDeployment(one)).data).toMatchObject({ environment: 'staging', task: 'deploy' });
  const [latest] = (await job.rest.repos.listDeploymentStatuses(one)).data;
  const status = await job.rest.repos.getDeploymentStatus({ ...one, status_id: latest?.id ?? 0 });
  expect(status.data.state).toBe('inactive');
  await expect(job.rest.repos.deleteDeployment({ ...play.at, deployment_id: next })).rejects.toMatchObject({
    status: 422,
  });
  expect((await job.rest.repos.deleteDeployment(one)).status).toBe(204);

  await play.as('maya').rest.repos.createCommitStatus({ ...play.at, sha, state: 'pending', context: 'ci' });
  await expect(deploy('staging', { required_contexts: undefined })).rejects.toMatchObject({ status: 409 });
  await clone.git('checkout', '--quiet', '-b', 'old');
  await clone.git('push', '--quiet', 'origin', 'old');
  await clone.git('checkout', '--quiet', 'main');
  await clone.push('main', { 'b.txt': 'b\n' }, 'Second');
  expect((await deploy('staging', { ref: 'old', auto_merge: true })).status).toBe(202);
  await expect(deploy('staging', { ref: 'absent' })).rejects.toMatchObject({ status: 422 });
});

test('an environment names the branches that may use it and keeps its own secrets', async () => {
  await using play = await openPlayground();
  const dana = play.as('dana');
  const environment = { ...play.at, environment_name: 'holdout' };
  await dana.rest.repos.createOrUpdateEnvironment({
    ...environment,
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await dana.rest.repos.createDeploymentBranchPolicy({ ...environment, name: 'main' });
  expect(play.github.environment(play.repository, 'holdout')).toEqual({ name: 'holdout', branches: ['main'] });
  expect((await dana.rest.repos.listDeploymentBranchPolicies(environment)).data.total_count).toBe(1);
  expect((await dana.rest.repos.getEnvironment(environment)).data.protection_rules).toHaveLength(1);
  expect((await dana.rest.repos.getAllEnvironments(play.at)).data.total_count).toBe(1);
  expect(play.github.environment(play.repository, 'absent')).toBeNull();

  play.github.setSecret(play.repository, 'STORE', 'open');
  play.github.setSecret(play.repository, 'STORE', 'closed', 'holdout');
  play.github.setVariable(play.repository, 'LEVEL', '1');
  expect(play.github.secrets(play.repository, null)).toEqual({ STORE: 'open' });
  expect(play.github.secrets(play.repository, 'holdout')).toEqual({ STORE: 'closed' });
  expect(play.github.variables(play.repository, 'holdout')).toEqual({ LEVEL: '1' });
  await expect(play.as('maya').rest.repos.createOrUpdateEnvironment(environment)).rejects.toMatchObject({
    status: 403,
  });
  const [policy] = (await dana.rest.repos.listDeploymentBranchPolicies(environment)).data.branch_policies;
  await dana.rest.repos.deleteDeploymentBranchPolicy({ ...environment, branch_policy_id: policy?.id ?? 0 });
  expect(play.github.environment(play.repository, 'holdout')?.branches).toEqual([]);
  await dana.rest.repos.deleteAnEnvironment(environment);
  expect((await dana.rest.repos.getAllEnvironments(play.at)).data.total_count).toBe(0);
});
