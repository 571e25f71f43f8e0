// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, startActions } from './actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  await actions.startRunner('ubuntu-latest');
});
afterAll(() => actions.close());

describe('jobs', () => {
  it('run in the order of their needs and hand outputs over', async () => {
    const done = await actions.runWorkflow(`
name: Order
on: push
env: { GREETING: hello }
jobs:
  first:
    runs-on: ubuntu-latest
    outputs: { word: '\${{ steps.say.outputs.word }}' }
    steps:
      - id: say
        run: |
          echo "word=$GREETING 'a' 'b'" >> "$GITHUB_OUTPUT"
          cat <<EOF
            indented \${{ github.event_name }}
          EOF
  second:
    needs: first
    runs-on: ubuntu-latest
    steps:
      - run: echo "heard \${{ needs.first.outputs.word }}"
      - run: exit 3
      - run: echo not reached
      - if: failure()
        run: echo cleaning up
  third:
    needs: second
    runs-on: ubuntu-latest
    steps: [{ run: echo skipped }]
  last:
    needs: [second, third]
    if: always()
    runs-on: ubuntu-latest
    steps: [{ run: 'echo second was \${{ needs.second.result }}, third \${{ needs.third.result }}' }]
`);
    expect(actions.faults).toEqual([]);
    expect(actions.log(done, 'first')).toContain('\n  indented push\n');
    expect(actions.log(done, 'second')).toContain("\nheard hello 'a' 'b'\n");
    expect(actions.log(done)).not.toContain('\nnot reached');
    expect(actions.log(done)).toContain('\ncleaning up');
    expect(actions.log(done, 'last')).toContain('\nsecond was failure, third skipped');
    expect(done.jobs.map((job) => [job.key, job.conclusion])).toEqual([
      ['first', 'success'],
      ['second', 'failure'],
      ['third', 'skipped'],
      ['last', 'success'],
    ]);
    expect(done.conclusion).toBe('failure');
    const { data } = await actions.octokit.rest.actions.listJobsForWorkflowRun({ ...at, run_id: done.id });
    expect(data.jobs[1]?.steps?.map(({ name, conclusion }) => [name, conclusion])).toEqual([
      ['Set up job', 'success'],
      ['Run echo "heard ${{ needs.first.outputs.word }}"', 'success'],
      ['Run exit 3', 'failure'],
      ['Run echo not reached', 'skipped'],
      ['Run echo cleaning up', 'success'],
      ['Complete job', 'success'],
    ]);
  });

  it('multiply by a matrix, one of which may fail without harm', async () => {
    const done = await actions.runWorkflow(`
name: Matrix
on: push
jobs:
  list:
    runs-on: ubuntu-latest
    outputs: { trees: '\${{ steps.list.outputs.trees }}' }
    steps: [{ id: list, run: 'echo trees=[10,20] >> "$GITHUB_OUTPUT"' }]
  train:
    needs: list
    continue-on-error: \${{ matrix.risky == true }}
    strategy:
      max-parallel: 1
      matrix:
        trees: \${{ fromJSON(needs.list.outputs.trees) }}
        rate: [0.1]
        include: [{ trees: 30, risky: true }]
    runs-on: ubuntu-latest
    steps:
      - run: echo "\${{ matrix.trees }} at \${{ matrix.rate }}, \${{ strategy.job-index }} of \${{ strategy.job-total }}"
      - run: exit 1
        if: matrix.risky
`);
    expect(done.jobs.map((job) => [job.name, job.conclusion])).toEqual([
      ['list', 'success'],
      ['train (10, 0.1)', 'success'],
      ['train (20, 0.1)', 'success'],
      ['train (30, true)', 'failure'],
    ]);
    expect(actions.log(done)).toContain('20 at 0.1, 1 of 3');
    expect(done.conclusion).toBe('success');
  });

  it('are refused by name when they need what the runner has not', async () => {
    const done = await actions.runWorkflow(`
name: Unsupported
on: push
jobs:
  container: { runs-on: ubuntu-latest, container: 'node:24', steps: [{ run: ls }] }
  services: { runs-on: ubuntu-latest, services: { db: { image: postgres } }, steps: [{ run: ls }] }
  reusable: { uses: acme/shared/.github/workflows/x.yml@main }
  tag: { runs-on: ubuntu-latest, steps: [{ uses: actions/checkout@v7 }] }
  unknown: { runs-on: ubuntu-latest, steps: [{ uses: acme/thing@${'a'.repeat(40)} }] }
  docker: { runs-on: ubuntu-latest, steps: [{ uses: 'docker://alpine:3' }] }
  shell: { runs-on: ubuntu-latest, steps: [{ run: ls, shell: pwsh }] }
`);
    const said = Object.fromEntries(done.jobs.map((job) => [job.key, job.annotations[0]?.message]));
    expect(done.jobs.every((job) => job.conclusion === 'failure')).toBe(true);
    expect(said.container).toContain('containers do not run here');
    expect(said.services).toContain('service containers do not run here');
    expect(said.reusable).toContain('reusable workflows do not run here');
    expect(said.tag).toContain('must be pinned by its full commit sha');
    expect(said.unknown).toContain('this runner does not carry the action');
    expect(said.docker).toContain('container actions do not run here');
    expect(said.shell).toContain('this runner does not have the shell');
    const checks = await actions.octokit.rest.checks.listForRef({ ...at, ref: done.trigger.headSha });
    const id = checks.data.check_runs.find(({ name }) => name === 'tag')?.id ?? 0;
    const notes = await actions.octokit.rest.checks.listAnnotations({ ...at, check_run_id: id });
    expect(notes.data[0]?.message).toBe(said.tag);
  });

  it('keep a deployment for their environment, unless they say not to', async () => {
    const done = await actions.runWorkflow(`
name: Deploy
on: push
jobs:
  deploy:
    runs-on: ubuntu-latest
    environment: { name: live, url: 'https://\${{ steps.where.outputs.host }}/' }
    steps: [{ id: where, run: echo host=models.acme.test >> "$GITHUB_OUTPUT" }]
  quiet:
    runs-on: ubuntu-latest
    environment: { name: quiet, deployment: false }
    steps: [{ run: 'true' }]
`);
    expect(done.conclusion).toBe('success');
    await actions.workflows.settled();
    const { data: list } = await actions.octokit.rest.repos.listDeployments({ ...at });
    expect(list.map(({ environment }) => environment)).toEqual(['live']);
    const { data } = await actions.octokit.rest.repos.listDeploymentStatuses({
      ...at,
      deployment_id: list[0]?.id ?? 0,
    });
    expect(data.map(({ state, environment_url }) => [state, environment_url])).toEqual([
      ['success', 'https://models.acme.test/'],
      ['in_progress', ''],
    ]);
  });

  it('have the permissions they declare and no others', async () => {
    const done = await actions.runWorkflow(`
name: Permissions
on: push
permissions: {}
jobs:
  poor: { runs-on: ubuntu-latest, steps: [{ run: 'true' }] }
  rich: { runs-on: ubuntu-latest, permissions: { contents: write, pull-requests: read }, steps: [{ run: 'true' }] }
`);
    expect(actions.log(done, 'poor')).toContain('##[group]GITHUB_TOKEN Permissions\nmetadata: read\n##[endgroup]');
    expect(actions.log(done, 'rich')).toContain('\ncontents: write\nmetadata: read\npull_requests: read\n');
  });
});

describe('a workflow file with faults', () => {
  it('makes a failed run that says what is wrong and where', async () => {
    const done = await actions.runWorkflow(`
name: Broken
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    stepz: []
  b:
    needs: nobody
    runs-on: ubuntu-latest
    steps: [{ run: 'echo \${{ wrong.context }}' }]
`);
    expect(done.conclusion).toBe('failure');
    expect(done.jobs).toEqual([]);
    expect(done.annotations.map(({ startLine, message }) => `${startLine}: ${message}`)).toEqual([
      "7: Unexpected value 'stepz'",
      expect.stringContaining("Unrecognized named-value: 'wrong'"),
      expect.stringContaining("depends on unknown job 'nobody'"),
    ]);
  });
});
