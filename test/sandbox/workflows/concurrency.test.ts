// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, repository, startActions } from './actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  await actions.startRunner('ubuntu-latest');
});
afterAll(() => actions.close());

const waitForFile = 'until [ -e "$RUNNER_TOOL_CACHE/go-$GITHUB_SHA" ]; do sleep 0.02; done';
const sleeping = (concurrency: string) => `
name: Sleep
on: push
concurrency: ${concurrency}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: sleep 60
      - if: cancelled()
        run: echo tidied up
      - run: echo never
`;

describe('a concurrency group', () => {
  it('cancels the running run for a newer one when it says so', async () => {
    await actions.push('main', { '.github/workflows/test.yml': sleeping('{ group: one, cancel-in-progress: true }') });
    const [first] = actions.workflows.runs(repository);
    await actions.until(() => first?.jobs[0]?.steps.some(({ name }) => name === 'Run sleep 60') === true);
    await actions.push('main', {
      '.github/workflows/test.yml':
        'name: Sleep\non: push\nconcurrency: { group: ONE }\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: "true" }] } }',
    });
    // The newer file does not cancel; the group it shares makes it wait.
    const [second] = actions.workflows.runs(repository);
    expect(second?.status).toBe('pending');
    const third = sleeping('{ group: one, cancel-in-progress: true }').replace('sleep 60', 'true');
    await actions.push('main', { '.github/workflows/test.yml': third });
    const [newest] = actions.workflows.runs(repository);
    const runs = await Promise.all([first, second, newest].map(actions.finished));
    expect(runs.map(({ conclusion }) => conclusion)).toEqual(['cancelled', 'cancelled', 'success']);
    expect(actions.log(runs[0] ?? (await actions.finished(first)))).toContain('\ntidied up');
    expect(second?.jobs).toEqual([]);
  });

  it('queues all of them with queue: max', async () => {
    const file = `
name: Queue
on: push
concurrency: { group: all, queue: max }
jobs: { a: { runs-on: ubuntu-latest, steps: [{ run: '${waitForFile.replaceAll("'", "''")}' }] } }
`;
    const shas = [];
    for (const round of ['1', '2', '3'])
      shas.push(await actions.push('main', { '.github/workflows/test.yml': file, 'round.txt': round }));
    const runs = actions.workflows.runs(repository).slice(0, 3).toReversed();
    expect(runs.map(({ status }) => status === 'pending')).toEqual([false, true, true]);
    for (const sha of shas) writeFileSync(join(actions.folder, 'runner-1/_tool', `go-${sha}`), '');
    const done = await Promise.all(runs.map(actions.finished));
    expect(done.map(({ conclusion }) => conclusion)).toEqual(['success', 'success', 'success']);
  });
});

describe('a job', () => {
  it('that fails stops the rest of its matrix', async () => {
    const done = await actions.runWorkflow(`
name: Fail fast
on: push
jobs:
  a:
    strategy: { matrix: { n: [1, 2, 3] } }
    runs-on: ubuntu-latest
    steps: [{ run: 'exit \${{ matrix.n }}' }]
`);
    expect(done.jobs.map(({ conclusion }) => conclusion)).toEqual(['failure', 'cancelled', 'cancelled']);
    expect(done.conclusion).toBe('failure');
  });

  it('ends at its time limit', async () => {
    const done = await actions.runWorkflow(`
name: Limit
on: push
jobs:
  a:
    timeout-minutes: 0.01
    runs-on: ubuntu-latest
    steps: [{ run: 'trap "echo interrupted; exit 1" INT; sleep 60 & wait' }]
`);
    expect(actions.log(done)).toContain('\ninterrupted');
    expect(done.jobs[0]?.annotations[0]?.message).toBe(
      'The job has exceeded the maximum execution time of 0.01 minutes.',
    );
    expect(done.conclusion).toBe('cancelled');
  });

  it('can be cancelled over the API, once', async () => {
    await actions.push('main', { '.github/workflows/test.yml': sleeping('{ group: api }') });
    const run = actions.newest('.github/workflows/test.yml');
    await actions.until(() => run?.jobs[0]?.steps.some(({ name }) => name === 'Run sleep 60') === true);
    const cancel = () => actions.octokit.rest.actions.cancelWorkflowRun({ ...at, run_id: run?.id ?? 0 });
    expect((await cancel()).status).toBe(202);
    expect((await actions.finished(run)).conclusion).toBe('cancelled');
    await expect(cancel()).rejects.toThrow(/Cannot cancel/);
  });
});
