// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, startActions } from './actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  await actions.startRunner('ubuntu-latest');
});
afterAll(() => actions.close());

/** A workflow of one job with these steps, each line of YAML as it stands. */
function steps(text: string, job = ''): string {
  return `
name: Test
on: push
jobs:
  only:
    runs-on: ubuntu-latest
${job}
    steps:
${text}
`;
}

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

describe('a step', () => {
  it('passes environment, path and outputs on by files, heredocs included', async () => {
    const done = await actions.runWorkflow(
      steps(`
      - run: |
          echo "COLOUR=green" >> "$GITHUB_ENV"
          mkdir bin && printf '#!/bin/sh\\necho own tool' > bin/tool && chmod +x bin/tool
          echo "$PWD/bin" >> "$GITHUB_PATH"
          echo "# Done" >> "$GITHUB_STEP_SUMMARY"
      - id: long
        run: printf 'text<<END\\none\\ntwo = 2\\nEND\\n' >> "$GITHUB_OUTPUT"
      - run: tool; echo "$COLOUR \${{ env.COLOUR }}"; echo "\${{ steps.long.outputs.text }}"; node --version
      - env: { COLOUR: blue }
        working-directory: bin
        run: echo "$COLOUR in $(basename "$PWD") for $GITHUB_REPOSITORY at $GITHUB_API_URL, $CI"`),
    );
    const log = actions.log(done);
    expect(log).toContain('\nown tool\ngreen green\none\ntwo = 2\nv24.');
    expect(log).toContain(`\nblue in bin for acme/flight-delays at ${actions.github.url}/api/v3, true`);
    expect(done.jobs[0]?.summaries).toEqual([{ step: 2, text: '# Done\n' }]);
  });

  it('annotates by log commands, which can be stopped', async () => {
    const done = await actions.runWorkflow(
      steps(`
      - run: |
          echo "::warning file=train.py,line=7,title=Slow::100%25 slow%0Aindeed"
          echo "::stop-commands::pause-4711"
          echo "::error::not a command"
          echo "::pause-4711::"
          echo "::add-mask::hunter2"
          echo "password hunter2"
          echo "::group::Inside"
          echo "::endgroup::"
          echo "::debug::quiet"
          echo "::notice::noted" >&2`),
    );
    expect(done.jobs[0]?.annotations).toEqual([
      { level: 'warning', message: '100% slow\nindeed', title: 'Slow', path: 'train.py', startLine: 7, endLine: 7 },
      { level: 'notice', message: 'noted', title: '', path: '.github', startLine: 1, endLine: 1 },
    ]);
    const log = actions.log(done);
    expect(log).toContain('\n::error::not a command\n');
    expect(log).toContain('\npassword ***\n##[group]Inside\n##[endgroup]');
    expect(log.slice(log.indexOf('##[endgroup]\npassword'))).not.toContain('quiet\n');
    expect(done.conclusion).toBe('success');
  });

  it('may fail, run too long or be told so by a broken command file', async () => {
    const done = await actions.runWorkflow(
      steps(`
      - id: tolerated
        run: exit 4
        continue-on-error: true
      - run: echo "\${{ steps.tolerated.outcome }} then \${{ steps.tolerated.conclusion }}"
      - id: slow
        timeout-minutes: 0.005
        continue-on-error: true
        run: sleep 30
      - run: echo broken >> "$GITHUB_OUTPUT"`),
    );
    const log = actions.log(done);
    expect(log).toContain('\nfailure then success\n');
    expect(log).toContain('##[error]The action has timed out after 0.005 minutes.');
    expect(log).toContain("##[error]Invalid format 'broken'");
    expect(done.conclusion).toBe('failure');
  });

  it('does not get the environment of the runner, and leaves no process behind', async () => {
    const done = await actions.runWorkflow(
      steps(`
      - run: |
          env | grep -c PARENT_SECRET || true
          setsid sleep 300 & echo "left=$!" > left.txt
          git rev-parse --show-toplevel || echo no repository here
          cat left.txt`),
    );
    const log = actions.log(done);
    expect(log).toContain('\n0\n');
    expect(log).toContain('\nno repository here\n');
    const pid = Number(/left=(\d+)/.exec(log.slice(log.lastIndexOf('left=')))?.[1]);
    expect(pid).toBeGreaterThan(1);
    // A process that was ended and whom nobody has buried yet has no command line.
    expect(existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '').toBe('');
  });

  it('runs composite actions of the workspace, nested, with their own inputs and outputs', async () => {
    const done = await actions.runWorkflow(
      steps(`
      - uses: actions/checkout@${'b'.repeat(40)}
      - id: outer
        uses: ./outer
        with: { who: maya }
      - run: echo "got \${{ steps.outer.outputs.greeting }} and $FROM_INNER"`),
      {
        'outer/action.yml': `
name: Outer
inputs: { who: { required: true }, mark: { default: '!' } }
outputs: { greeting: { value: '\${{ steps.inner.outputs.text }}' } }
runs:
  using: composite
  steps:
    - id: inner
      uses: ./inner
      with: { text: 'hello \${{ inputs.who }}\${{ inputs.mark }}' }
    - run: exit 5
      shell: bash
      continue-on-error: true
    - if: success()
      run: echo "action at $(basename "$GITHUB_ACTION_PATH"), secrets '\${{ inputs.secret }}'"
      shell: bash
`,
        'inner/action.yml': `
name: Inner
inputs: { text: { required: true } }
outputs: { text: { value: '\${{ steps.js.outputs.text }}' } }
runs:
  using: composite
  steps: [{ id: js, uses: ./inner/js, with: { text: '\${{ inputs.text }}' } }]
`,
        'inner/js/action.yml': `
name: JavaScript
inputs: { text: { required: true } }
runs: { using: node20, main: main.cjs, post: post.cjs }
`,
        'inner/js/main.cjs': `
const { appendFileSync } = require('node:fs');
appendFileSync(process.env.GITHUB_OUTPUT, 'text=' + process.env.INPUT_TEXT + '\\n');
appendFileSync(process.env.GITHUB_ENV, 'FROM_INNER=inner\\n');
appendFileSync(process.env.GITHUB_STATE, 'kept=' + process.env.INPUT_TEXT + '\\n');
`,
        'inner/js/post.cjs': `console.log('post of ' + process.env.STATE_kept);`,
      },
    );
    const log = actions.log(done);
    expect(log).toContain('\ngot hello maya! and inner\n');
    expect(log).toContain("\naction at outer, secrets ''\n");
    expect(log).toMatch(/\npost of hello maya!$/);
    expect(done.conclusion).toBe('success');
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
