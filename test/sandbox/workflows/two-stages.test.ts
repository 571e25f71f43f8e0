// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, repository, startActions } from './actions-under-test.ts';

const pin = '3d3c42e5aac5ba805825da76410c181273ba90b1';
const trainFile = `
name: Train
on: pull_request
permissions: {}
jobs:
  train:
    runs-on: [self-hosted, gpu]
    permissions: { contents: read }
    steps:
      - uses: actions/checkout@${pin}
        with: { persist-credentials: false }
      - id: train
        uses: pulltrain/pulltrain@${'0'.repeat(40)}
        with: { data-remote: '\${{ vars.DATA_REMOTE }}', secret: 'x\${{ secrets.HOLDOUT }}' }
      - uses: actions/upload-artifact@${pin}
        with: { name: pulltrain-run, path: '\${{ steps.train.outputs.directory }}', if-no-files-found: error }
      - uses: actions/upload-artifact@${pin}
        with: { path: '\${{ steps.train.outputs.directory }}/model.txt', archive: false }
`;
const judgeFile = `
name: Judge
on:
  workflow_run: { workflows: [Train], types: [completed] }
permissions: {}
jobs:
  evaluate:
    if: github.event.workflow_run.conclusion == 'success'
    runs-on: ubuntu-latest
    environment: { name: holdout, deployment: false }
    permissions: { contents: read, actions: read }
    outputs: { model: '\${{ steps.read.outputs.model }}' }
    steps:
      - uses: actions/checkout@${pin}
      - uses: actions/download-artifact@${pin}
        with:
          name: pulltrain-run
          path: \${{ runner.temp }}/run
          run-id: \${{ github.event.workflow_run.id }}
          github-token: \${{ github.token }}
      - id: read
        env: { HOLDOUT: '\${{ secrets.HOLDOUT }}' }
        run: |
          echo "model=$(cat "$RUNNER_TEMP/run/model.txt")" >> "$GITHUB_OUTPUT"
          echo "policy $(cat policy.txt), holdout $HOLDOUT"
  report:
    needs: evaluate
    runs-on: ubuntu-latest
    steps:
      - run: echo 'judged \${{ needs.evaluate.outputs.model }}'
`;
/** Stands for the training action: an action of our own repository, run from a folder of this test. */
const trainAction = {
  'action.yml': `
name: Train
inputs: { data-remote: { required: true }, config: { default: pulltrain.yml } }
outputs: { directory: { description: where } }
runs: { using: node24, main: index.cjs, post: post.cjs }
`,
  'index.cjs': `
const fs = require('node:fs');
fs.mkdirSync('out/logs', { recursive: true });
fs.writeFileSync('out/model.txt', 'model of ' + fs.readFileSync('policy.txt', 'utf8') + ' with ' + process.env['INPUT_DATA-REMOTE']);
fs.writeFileSync('out/logs/train.log', 'x'.repeat(5000));
fs.appendFileSync(process.env.GITHUB_OUTPUT, 'directory=out\\n');
fs.appendFileSync(process.env.GITHUB_STATE, 'seen=' + process.env.INPUT_CONFIG + '\\n');
console.log('secret is [' + process.env.INPUT_SECRET + ']');
console.log('environment has ' + ('PARENT_SECRET' in process.env));
`,
  'post.cjs': "console.log('post saw ' + process.env.STATE_seen);",
};

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  const root = join(actions.folder, 'ours');
  mkdirSync(root);
  for (const [name, content] of Object.entries(trainAction)) writeFileSync(join(root, name), content);
  await Promise.all([
    actions.startRunner('self-hosted,gpu', { actionsRoot: root }),
    actions.startRunner('ubuntu-latest', { actionsRoot: root }),
  ]);
  await actions.push('main', {
    'policy.txt': 'main',
    '.github/workflows/train.yml': trainFile,
    '.github/workflows/judge.yml': judgeFile,
  });
  const { github } = actions;
  await actions.octokit.request('PUT /repos/{owner}/{repo}/environments/{environment_name}', {
    ...at,
    environment_name: 'holdout',
    deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
  });
  await actions.octokit.request(
    'POST /repos/{owner}/{repo}/environments/{environment_name}/deployment-branch-policies',
    {
      ...at,
      environment_name: 'holdout',
      name: 'main',
    },
  );
  github.setSecret(repository, 'HOLDOUT', 'sesame-street', 'holdout');
  github.setVariable(repository, 'DATA_REMOTE', 'file:///data');
});
afterAll(() => actions.close());

describe('two stages', () => {
  it('trains the pull request without secrets and judges it with the default branch', async () => {
    const head = await actions.push('better', { 'policy.txt': 'forged' });
    const pull = await actions.octokit.rest.pulls.create({ ...at, title: 'Better', head: 'better', base: 'main' });
    await actions.workflows.settled();
    const train = await actions.finished(actions.newest('.github/workflows/train.yml'));
    await actions.workflows.settled();
    const judge = await actions.finished(actions.newest('.github/workflows/judge.yml'));
    expect(actions.faults).toEqual([]);

    expect(actions.log(train)).toContain('secret is [x]');
    expect(actions.log(train)).toContain('environment has false');
    expect(actions.log(train)).toContain('post saw pulltrain.yml');
    expect(actions.log(train)).toContain("##[warning]Unexpected input(s) 'secret'");
    expect(train.conclusion).toBe('success');

    expect(actions.log(judge)).toContain('judged model of forged with file:///data');
    expect(actions.log(judge)).toContain('policy main, holdout ***');
    expect(actions.log(judge)).not.toContain('sesame-street');
    expect(judge.conclusion).toBe('success');

    const { data: run } = await actions.octokit.rest.actions.getWorkflowRun({ ...at, run_id: train.id });
    expect(run).toMatchObject({ head_sha: head, head_branch: 'better', event: 'pull_request', conclusion: 'success' });
    expect(run.pull_requests?.map(({ number }) => number)).toEqual([pull.data.number]);
    const checks = await actions.octokit.rest.checks.listForRef({ ...at, ref: head });
    expect(checks.data.check_runs.map(({ name, conclusion }) => [name, conclusion])).toEqual([['train', 'success']]);
    const completed = actions.events.filter(({ name, action }) => name === 'workflow_run' && action === 'completed');
    expect(completed.length).toBeGreaterThanOrEqual(2);
  });

  it('hands out artifacts by REST with the digest they had', async () => {
    const run = actions.newest('.github/workflows/train.yml');
    const list = await actions.octokit.rest.actions.listWorkflowRunArtifacts({ ...at, run_id: run?.id ?? 0 });
    const [artifact] = list.data.artifacts;
    expect(list.data.artifacts.map(({ name }) => name)).toEqual(['pulltrain-run', 'model.txt']);
    const zip = await actions.octokit.rest.actions.downloadArtifact({
      ...at,
      artifact_id: artifact?.id ?? 0,
      archive_format: 'zip',
    });
    if (!(zip.data instanceof ArrayBuffer)) throw new Error('no bytes');
    const digest = createHash('sha256').update(new Uint8Array(zip.data)).digest('hex');
    expect(artifact?.digest).toBe(`sha256:${digest}`);
  });

  it('hands out a file that was not archived as it is, under its own name', async () => {
    const run = actions.newest('.github/workflows/train.yml');
    const list = await actions.octokit.rest.actions.listWorkflowRunArtifacts({
      ...at,
      run_id: run?.id ?? 0,
      name: 'model.txt',
    });
    const { data } = await actions.octokit.rest.actions.downloadArtifact({
      ...at,
      artifact_id: list.data.artifacts[0]?.id ?? 0,
      archive_format: 'zip',
    });
    if (!(data instanceof ArrayBuffer)) throw new Error('no bytes');
    expect(Buffer.from(data).toString()).toMatch(/^model of /);
  });

  it("refuses an environment to a pull request's job", async () => {
    const stealing = trainFile.replace(
      'runs-on: [self-hosted, gpu]',
      'runs-on: ubuntu-latest\n    environment: holdout',
    );
    await actions.push('thief', { '.github/workflows/train.yml': stealing });
    await actions.octokit.rest.pulls.create({ ...at, title: 'Thief', head: 'thief', base: 'main' });
    await actions.workflows.settled();
    const run = await actions.finished(actions.newest('.github/workflows/train.yml'));
    expect(run.conclusion).toBe('failure');
    expect(run.jobs[0]?.annotations[0]?.message).toMatch(
      /^Branch "refs\/pull\/\d+\/merge" is not allowed to deploy to holdout due to environment protection rules\.$/,
    );
  });

  it('trains each push on its own merge commit and stays silent about one with conflicts', async () => {
    const quick = `name: Train\non: pull_request\njobs: { a: { runs-on: ubuntu-latest, steps: [{ uses: 'actions/checkout@${pin}' }, { run: cat policy.txt }] } }`;
    await actions.push('racing', { '.github/workflows/train.yml': quick, 'policy.txt': 'one' });
    await actions.octokit.rest.pulls.create({ ...at, title: 'Racing', head: 'racing', base: 'main' });
    const heads = [
      await actions.push('racing', { 'policy.txt': 'two' }),
      await actions.push('racing', { 'policy.txt': 'three' }),
    ];
    const runs = actions.workflows.runs(repository).filter((run) => heads.includes(run.trigger.headSha));
    const trained = await Promise.all(runs.filter(({ workflow }) => workflow.name === 'Train').map(actions.finished));
    expect(trained.map((run) => [run.trigger.headSha, /\n(two|three)(\n|$)/.exec(actions.log(run))?.[1]])).toEqual([
      [heads[1], 'three'],
      [heads[0], 'two'],
    ]);
    await actions.push('main', { 'policy.txt': 'main moved' });
    const count = actions.workflows.runs(repository).filter(({ workflow }) => workflow.name === 'Train').length;
    await actions.push('racing', { 'policy.txt': 'four' });
    expect(actions.workflows.runs(repository).filter(({ workflow }) => workflow.name === 'Train')).toHaveLength(count);
  });
});
