import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { runStage, type StageProcess } from '../../../adapters/process/run-stage.ts';
import { stageEnvironment } from '../../../adapters/process/stage-environment.ts';
import { temporaryDirectory } from '../../fixtures/git-repository.ts';

async function run(commands: string[], options: Partial<StageProcess> = {}) {
  using folder = temporaryDirectory();
  const lines: string[] = [];
  const logFile = join(folder.path, 'logs/stage.log');
  const outcome = await runStage({
    commands,
    directory: folder.path,
    environment: { PATH: process.env.PATH ?? '' },
    logFile,
    seconds: 10,
    onLine: (line) => lines.push(line),
    ...options,
  });
  return { outcome, lines, log: readFileSync(logFile, 'utf8') };
}

/** A process that has ended but that nobody has asked about yet (state Z) is not alive. */
const isAlive = (pid: number) => {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
};

describe('a stage', () => {
  it('runs its commands in order and shows every line', async () => {
    const { outcome, lines, log } = await run(['echo one; echo two >&2', 'printf "three\\r50%%\\r100%%\\r\\nlast"']);
    expect(outcome).toMatchObject({ exitCode: 0, timedOut: false });
    expect(lines.toSorted()).toEqual(['100%', '50%', 'last', 'one', 'three', 'two']);
    expect(log.split('\n').toSorted()).toEqual(['', ...lines.toSorted()]);
  });

  it('stops at the first command that fails', async () => {
    const { outcome, lines } = await run(['echo before; exit 3', 'echo after']);
    expect(outcome).toMatchObject({ exitCode: 3, timedOut: false, lastLines: ['before'] });
    expect(lines).toEqual(['before']);
  });

  it('is ended with everything it started when its time is over', async () => {
    const started = performance.now();
    const { outcome, lines } = await run(['sleep 60 & echo $!; (sleep 60 | cat); echo never'], { seconds: 0.3 });
    expect(outcome).toMatchObject({ exitCode: null, timedOut: true });
    expect(performance.now() - started).toBeLessThan(5000);
    expect(lines).toHaveLength(1);
    await delay(50);
    expect(isAlive(Number(lines[0]))).toBe(false);
  });

  it('leaves no process in the background', async () => {
    const { outcome, lines } = await run(['sleep 60 & echo $!']);
    expect(outcome.exitCode).toBe(0);
    await delay(50);
    expect(isAlive(Number(lines[0]))).toBe(false);
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    const running = run(['sleep 60'], { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('says that it was killed', async () => {
    const { outcome } = await run(['kill -9 $$']);
    expect(outcome).toMatchObject({ exitCode: null, timedOut: false });
  });

  it('cuts lines that never end, and keeps the last ones', async () => {
    const { lines, outcome } = await run(['head -c 40000 /dev/zero | tr "\\0" x; seq 100']);
    expect(Math.max(...lines.map((line) => line.length))).toBe(16_384);
    expect(outcome.lastLines).toEqual(['91', '92', '93', '94', '95', '96', '97', '98', '99', '100']);
  });

  it('needs bash', async () => {
    using folder = temporaryDirectory();
    await expect(run(['true'], { environment: { PATH: folder.path } })).rejects.toMatchObject({
      code: 'shell-missing',
    });
  });
});

describe('the environment of a stage', () => {
  it('holds programs, devices and language, and no token', () => {
    expect(
      stageEnvironment({
        PATH: '/bin',
        CUDA_VISIBLE_DEVICES: '0',
        NVIDIA_TOKEN: 'secret',
        LC_ALL: 'C',
        GITHUB_TOKEN: 'secret',
        ACTIONS_RUNTIME_TOKEN: 'secret',
        GITHUB_OUTPUT: '/file',
        NODE_OPTIONS: '--require /x',
        RUNNER_TRACKING_ID: 'github_1',
        AWS_SECRET_ACCESS_KEY: 'secret',
      }),
    ).toEqual({
      PATH: '/bin',
      CUDA_VISIBLE_DEVICES: '0',
      LC_ALL: 'C',
      RUNNER_TRACKING_ID: 'github_1',
      PYTHONUNBUFFERED: '1',
    });
  });
});
