import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunRecord } from '../../../sandbox/workflows/model/records.ts';
import { startWorkflows, type Workflows } from '../../../sandbox/workflows/start-workflows.ts';
import { createFakeKernel, type FakeKernel } from './fake-kernel.ts';

const runnerScript = fileURLToPath(new URL('../../../sandbox/runner/main.ts', import.meta.url));

export type ActionsUnderTest = {
  kernel: FakeKernel;
  workflows: Workflows;
  faults: string[];
  startRunner(labels: string, options?: { actionsRoot?: string }): Promise<ChildProcess>;
  /** Waits until a run has ended. */
  finished(run: RunRecord | undefined): Promise<RunRecord>;
  until(test: () => boolean): Promise<void>;
  log(run: RunRecord, key?: string): string;
  close(): Promise<void>;
};

/** The engine on a fake kernel, with runner processes on demand. */
export async function startActions(): Promise<ActionsUnderTest> {
  const kernel = await createFakeKernel();
  const faults: string[] = [];
  const workflows = await startWorkflows(kernel, {
    directory: join(kernel.folder, 'data'),
    onFault: (message) => faults.push(message),
  });
  await kernel.listen();
  const runners: ChildProcess[] = [];
  const until = (test: () => boolean) =>
    new Promise<void>((resolve) => {
      if (test()) {
        resolve();
        return;
      }
      const stop = workflows.onChange(() => {
        if (!test()) return;
        stop();
        resolve();
      });
    });
  return {
    kernel,
    workflows,
    faults,
    until,
    async startRunner(labels, options = {}) {
      const runner = spawn(
        process.execPath,
        [
          runnerScript,
          ...['--url', workflows.runnerUrl, '--token', workflows.runnerToken, '--name', `runner-${runners.length + 1}`],
          ...['--labels', labels, '--work', mkdtempSync(join(kernel.folder, 'runner-'))],
          ...(options.actionsRoot === undefined ? [] : ['--actions-root', options.actionsRoot]),
        ],
        {
          stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
          env: { PATH: process.env.PATH ?? '', PARENT_SECRET: 'not for jobs' },
        },
      );
      runners.push(runner);
      await new Promise<void>((resolve, reject) => {
        runner.stdout?.once('data', () => resolve());
        runner.once('exit', (code) => reject(new Error(`the runner ended with ${code}`)));
      });
      return runner;
    },
    async finished(run) {
      if (run === undefined) throw new Error(`no run; faults: ${faults.join('; ')}`);
      await until(() => run.status === 'completed');
      return run;
    },
    log: (run, key) =>
      run.jobs
        .filter((job) => key === undefined || job.key === key)
        .flatMap((job) => job.log.map((line) => line.text))
        .join('\n'),
    async close() {
      for (const runner of runners) {
        if (runner.exitCode !== null || runner.signalCode !== null) continue;
        const ended = new Promise((resolve) => runner.once('exit', resolve));
        runner.kill('SIGTERM');
        await ended;
      }
      await workflows.close();
      await kernel.close();
    },
  };
}
