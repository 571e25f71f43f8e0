import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActionsUnderTest, at, startActions } from '../workflows/actions-under-test.ts';

let actions: ActionsUnderTest;
beforeAll(async () => {
  actions = await startActions();
});
afterAll(() => actions.close());

const workflow = (labels: string, marker: string, background = '') => `
name: Long
on: push
jobs:
  a:
    runs-on: ${labels}
    steps:
      - run: ${background} sleep ${marker} & sleep ${marker}
`;

/** Living processes of a marked command; one that was ended and not buried has no command line. */
function living(marker: string): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8') === `sleep\0${marker}\0`;
      } catch {
        return false;
      }
    }).length;
}

async function waitUntil(test: () => boolean): Promise<void> {
  while (!test()) await delay(20);
}

async function startLong(labels: string, marker: string, background?: string) {
  await actions.push('main', { '.github/workflows/test.yml': workflow(labels, marker, background) });
  const run = actions.newest();
  await waitUntil(() => living(marker) === 2);
  return run;
}

describe('a job', () => {
  it('stays queued until a runner has all its labels', async () => {
    await actions.startRunner('self-hosted');
    await actions.push('main', {
      '.github/workflows/test.yml': workflow('[self-hosted, gpu]', '0'),
    });
    const run = actions.newest();
    const { data } = await actions.octokit.rest.actions.listJobsForWorkflowRun({ ...at, run_id: run?.id ?? 0 });
    expect(data.jobs.map(({ status, labels }) => [status, labels])).toEqual([['queued', ['self-hosted', 'gpu']]]);
    await actions.startRunner('self-hosted,GPU');
    const done = await actions.finished(run);
    expect([done.conclusion, done.jobs[0]?.runner?.name]).toEqual(['success', 'runner-2']);
  });
});

describe('a runner', () => {
  it('that is killed fails its job, and its next start ends what the job left running', async () => {
    const runner = await actions.startRunner('killed', { name: 'victim' });
    const run = await startLong('killed', '311');
    runner.kill('SIGKILL');
    const done = await actions.finished(run);
    expect(done.jobs[0]?.annotations[0]?.message).toBe('The runner victim lost communication with the server.');
    expect(living('311')).toBe(2);
    await actions.startRunner('killed', { name: 'victim' });
    expect(living('311')).toBe(0);
  });

  it('ends with its parent and takes the processes of its job along', async () => {
    const runner = await actions.startRunner('orphaned');
    // Out of its group and without the mark of the job, as a training stage or a scoring process runs.
    await startLong('orphaned', '312', 'env -i setsid');
    const ended = new Promise((resolve) => runner.once('exit', resolve));
    runner.disconnect();
    expect(await ended).toBe(0);
    expect(living('312')).toBe(0);
  });

  it('ends on SIGTERM and takes the processes of its job along', async () => {
    const runner = await actions.startRunner('stopped');
    await startLong('stopped', '313');
    const ended = new Promise((resolve) => runner.once('exit', resolve));
    runner.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(living('313')).toBe(0);
  });

  it('with a wrong token is told so and exits', async () => {
    const script = fileURLToPath(new URL('../../../sandbox/runner/main.ts', import.meta.url));
    const args = ['--url', actions.workflows.runnerUrl, '--token', 'wrong', '--name', 'x', '--work', actions.folder];
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
      execFile(process.execPath, [script, ...args], (fault, _out, text) =>
        resolve({ code: fault?.code, stderr: text }),
      );
    });
    expect(code).toBe(1);
    expect(stderr).toContain('does not take this runner (got HTTP 401)');
  });
});
