// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, repository, startActions } from './actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  await actions.startRunner('ubuntu-latest');
});
afterAll(() => actions.close());

const job = 'jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }';

/** Names of the workflows that runs were made of while something happened. */
async function startedBy(cause: () => Promise<unknown>): Promise<string[]> {
  const before = new Set(actions.workflows.runs(repository));
  await cause();
  await actions.workflows.settled();
  const started = actions.workflows.runs(repository).filter((run) => !before.has(run));
  await Promise.all(started.map(actions.finished));
  await actions.workflows.settled();
  const all = actions.workflows.runs(repository).filter((run) => !before.has(run));
  await Promise.all(all.map(actions.finished));
  return all.map((run) => `${run.workflow.name} (${run.trigger.event})`).toSorted();
}

describe('events', () => {
  it('start the workflows whose filters they pass', async () => {
    const files = {
      '.github/workflows/main.yml': `name: main only\non: { push: { branches: [main] } }\n${job}`,
      '.github/workflows/features.yml': `name: features\non: { push: { branches: ['feature/**', '!feature/old'] } }\n${job}`,
      '.github/workflows/models.yml': `name: models\non: { push: { paths: ['models/**/*.onnx', '!models/old/**'] } }\n${job}`,
      '.github/workflows/tags.yml': `name: tags\non: { push: { tags: ['v*'] } }\n${job}`,
      '.github/workflows/docs.yml': `name: no docs\non: { push: { branches-ignore: [main], paths-ignore: ['docs/**'] } }\n${job}`,
      '.github/workflows/labels.yml': `name: labelled\non: { pull_request: { types: [labeled] } }\n${job}`,
      '.github/workflows/pulls.yml': `name: pulls\non: { pull_request: { branches: [main] } }\n${job}`,
      '.github/workflows/talk.yml': `name: talk\non: [issue_comment, issues]\n${job}`,
    };
    expect(await startedBy(() => actions.push('main', files))).toEqual(['main only (push)']);
    expect(await startedBy(() => actions.push('feature/a', { 'models/big/x.onnx': '1' }))).toEqual([
      'features (push)',
      'models (push)',
      'no docs (push)',
    ]);
    expect(await startedBy(() => actions.push('feature/a', { 'docs/x.md': '1' }))).toEqual(['features (push)']);
    expect(await startedBy(() => actions.push('feature/a', { 'models/old/x.onnx': '1' }))).toEqual([
      'features (push)',
      'no docs (push)',
    ]);
    expect(await startedBy(() => actions.push('feature/old', { 'a.txt': '1' }))).toEqual(['no docs (push)']);
    const sha = await actions.octokit.rest.git.getRef({ ...at, ref: 'heads/main' });
    expect(
      await startedBy(() =>
        actions.octokit.rest.git.createRef({ ...at, ref: 'refs/tags/v1', sha: sha.data.object.sha }),
      ),
    ).toEqual(['tags (push)']);
    const open = () => actions.octokit.rest.pulls.create({ ...at, title: 'A', head: 'feature/a', base: 'main' });
    expect(await startedBy(open)).toEqual(['pulls (pull_request)']);
    const issue = () => actions.octokit.rest.issues.create({ ...at, title: 'Drift' });
    expect(await startedBy(issue)).toEqual(['talk (issues)']);
  });

  it('of a job token start nothing but dispatches', async () => {
    await actions.push('main', {
      '.github/workflows/main.yml': `name: main only\non: workflow_dispatch\n${job}`,
      '.github/workflows/talk.yml': `name: talk\non: { issues: {}, repository_dispatch: { types: [retrain] } }\n${job}`,
      '.github/workflows/write.yml': `
name: write
on: workflow_dispatch
permissions: { issues: write, contents: write, actions: write }
jobs:
  a:
    runs-on: ubuntu-latest
    env: { AUTH: 'authorization: Bearer \${{ github.token }}', REPO: '\${{ github.api_url }}/repos/acme/flight-delays' }
    steps:
      - run: curl --fail -sS -H "$AUTH" "$REPO/issues" -d '{"title":"by a job"}' -o issue.json
      - run: curl --fail -sS -H "$AUTH" "$REPO/dispatches" -d '{"event_type":"retrain"}'
      - run: curl --fail -sS -H "$AUTH" "$REPO/actions/workflows/main.yml/dispatches" -d '{"ref":"main"}'
`,
    });
    const dispatch = () =>
      actions.octokit.rest.actions.createWorkflowDispatch({ ...at, workflow_id: 'write.yml', ref: 'main' });
    expect(await startedBy(dispatch)).toEqual([
      'main only (workflow_dispatch)',
      'talk (repository_dispatch)',
      'write (workflow_dispatch)',
    ]);
    const token = actions.newest('.github/workflows/write.yml')?.jobs[0];
    expect(token?.conclusion).toBe('success');
  });

  it('follow workflow_run for three links', async () => {
    const chain = (name: string, on: string) => `name: ${name}\non: ${on}\n${job}`;
    const follows = (name: string) =>
      `{ workflow_run: { workflows: [${name}], types: [completed], branches: [main] } }`;
    const started = await startedBy(() =>
      actions.push('main', {
        '.github/workflows/main.yml': chain('link 0', '{ push: { branches: [main] } }'),
        '.github/workflows/l1.yml': chain('link 1', follows('link 0')),
        '.github/workflows/l2.yml': chain('link 2', follows('link 1')),
        '.github/workflows/l3.yml': chain('link 3', follows('link 2')),
        '.github/workflows/l4.yml': chain('link 4', follows('link 3')),
      }),
    );
    for (const path of ['l1', 'l2', 'l3']) {
      await actions.until(() => actions.newest(`.github/workflows/${path}.yml`) !== undefined);
      await actions.finished(actions.newest(`.github/workflows/${path}.yml`));
      await actions.workflows.settled();
    }
    expect(started).toContain('link 0 (push)');
    expect(actions.newest('.github/workflows/l3.yml')?.conclusion).toBe('success');
    expect(actions.newest('.github/workflows/l4.yml')).toBeUndefined();
  });
});

describe('a dispatch', () => {
  const dispatched = `
name: Retrain
on:
  workflow_dispatch:
    inputs:
      window: { required: true }
      trees: { type: number, default: 100 }
      dry: { type: boolean }
      where: { type: choice, options: [cpu, gpu], default: cpu }
run-name: Retrain \${{ inputs.window }}
jobs:
  a:
    runs-on: ubuntu-latest
    steps: [{ run: 'echo "\${{ inputs.window }} \${{ inputs.trees }} \${{ inputs.dry == false }} \${{ inputs.where }}"' }]
`;

  it('gives typed inputs and, when asked, the run it made', async () => {
    await actions.push('main', { '.github/workflows/retrain.yml': dispatched });
    const { status, data } = await actions.octokit.request(
      'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
      { ...at, workflow_id: 'retrain.yml', ref: 'main', inputs: { window: 'May' }, return_run_details: true },
    );
    expect(status).toBe(200);
    const run = await actions.finished(actions.newest('.github/workflows/retrain.yml'));
    expect(data).toMatchObject({ workflow_run_id: run.id });
    expect(actions.log(run)).toContain('\nMay 100 true cpu');
    expect(run.displayTitle).toBe('Retrain May');
  });

  it('names every fault of its inputs', async () => {
    const dispatch = actions.octokit.rest.actions.createWorkflowDispatch({
      ...at,
      workflow_id: 'retrain.yml',
      ref: 'main',
      inputs: { where: 'tpu', extra: 'x' },
    });
    await expect(dispatch).rejects.toThrow(
      /Unexpected inputs provided: \["extra"\].*Required input 'window' not provided.*'tpu' for input 'where'/,
    );
  });
});

describe('a schedule', () => {
  it('fires when it is told to, on the default branch', async () => {
    await actions.push('main', {
      '.github/workflows/watch.yml': `name: Watch\non: { schedule: [{ cron: '23 5 * * *' }] }\n${job}`,
    });
    const run = await actions.workflows.fireSchedule(repository, '.github/workflows/watch.yml');
    await actions.finished(run);
    const { data } = await actions.octokit.rest.actions.listWorkflowRuns({
      ...at,
      workflow_id: 'watch.yml',
      event: 'schedule',
      status: 'success',
    });
    expect(data.workflow_runs.map(({ id, head_branch }) => [id, head_branch])).toEqual([[run.id, 'main']]);
    await expect(actions.workflows.fireSchedule(repository, '.github/workflows/retrain.yml')).rejects.toThrow(
      /no workflow with a schedule.*watch\.yml/,
    );
  });
});
