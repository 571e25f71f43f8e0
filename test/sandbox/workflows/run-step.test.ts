// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, startActions } from './actions-under-test.ts';

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
