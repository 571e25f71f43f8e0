// biome-ignore-all lint/suspicious/noTemplateCurlyInString: workflow expressions
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, startActions } from './actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
  await actions.startRunner('ubuntu-latest');
});
afterAll(() => actions.close());

describe('a workflow', () => {
  it('runs jobs in order, hands outputs over and shows live logs', async () => {
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
`);
    expect(actions.faults).toEqual([]);
    expect(actions.log(done, 'first')).toContain('\n  indented push\n');
    expect(actions.log(done, 'second')).toContain("\nheard hello 'a' 'b'\n");
    expect(actions.log(done)).not.toContain('not reached');
    expect(actions.log(done)).toContain('cleaning up');
    expect(done.conclusion).toBe('failure');
    expect(done.jobs.map((job) => [job.name, job.conclusion])).toEqual([
      ['first', 'success'],
      ['second', 'failure'],
    ]);
    expect(done.jobs[1]?.steps.map((step) => step.conclusion)).toEqual([
      'success',
      'success',
      'failure',
      'skipped',
      'success',
      'success',
    ]);
  });
});
