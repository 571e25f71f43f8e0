import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { storyHelp } from '../../sandbox/story/parse-options.ts';
import { listProcesses } from './list-processes.ts';
import { runStory, storyDirectory } from './run-story.ts';

const minutes = 60_000;
const name = `test-${process.pid}`;
const directory = storyDirectory(name);
/** Kept so short that everything but the first model is left out. */
const command = ['--chapter', '1', '--port', '0', '--name', name];
const canListProcesses = existsSync('/proc/self/environ');

afterAll(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));

/** What is left of these processes, and of whoever works in the story's folder, after ten seconds at most. */
async function leftovers(pids: readonly number[]): Promise<unknown[]> {
  const find = () => pids.flatMap((pid) => listProcesses({ pid, directory }));
  for (let round = 0; round < 50 && find().length > 0; round += 1) await delay(200);
  return find();
}

describe('the command line', () => {
  it('explains itself', async () => {
    const { code, output } = await runStory(['--help']).ended;
    expect({ code, output }).toEqual({ code: 0, output: storyHelp });
  });

  it.each([
    [['--fast'], 'the command line is not understood (got --fast; allowed: --once, --chapter N,'],
    [['--chapter', '9'], '--chapter: expected a whole number (got "9"; allowed: 1 to 5)'],
    [['--port', '70000'], '--port: expected a whole number (got "70000"; allowed: 0 to 65535)'],
    [['--name', '../up'], '--name: not a folder name (got "../up"; allowed: lower-case letters, digits and -)'],
  ])('refuses %s with a sentence', async (args, sentence) => {
    const { code, output } = await runStory(args).ended;
    expect(code).toBe(2);
    expect(output).toContain(sentence);
  });
});

describe('what the story needs', () => {
  it('is git, or a sentence', async () => {
    const { code, output } = await runStory(command, { ...process.env, PATH: directory }).ended;
    expect(code).toBe(1);
    expect(output).toContain('git was not found on the PATH. Install git 2.38 or newer');
  });

  it('is its port, or a sentence that names it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const story = runStory([...command, '--port', port]);
    const { code, output } = await story.ended;
    other.close();
    expect(code).toBe(1);
    expect(output).toContain(`127.0.0.1:${port}: the port is taken. Stop what uses it (another npm start?)`);
    if (canListProcesses) expect(await leftovers([story.pid])).toEqual([]);
  });

  it('is a place for its report, or a sentence before anything is started', async () => {
    const { code, output } = await runStory([...command, '--report', join(tmpdir(), 'nowhere/at/all.json')]).ended;
    expect(code).toBe(1);
    expect(output).toMatch(
      /nowhere\/at\/all\.json: the report cannot be written\. Name a file in a folder that is there/,
    );
    expect(output).not.toContain('Setting the scene');
  });
});

// Linux tells which processes there are; what ends them is the same elsewhere.
describe.skipIf(!canListProcesses)('a story that is stopped', () => {
  const isTraining = (pid: number) =>
    listProcesses({ pid, directory }).some(({ command: line }) => line.includes('src/train.ts'));

  it(
    'by kill -9 in the middle of training leaves nothing running, and is told from the beginning the next time',
    async () => {
      const killed = runStory(command);
      await killed.says('Setting the scene');
      const second = await runStory(command).ended;
      expect(second.code).toBe(1);
      expect(second.output).toContain(`a story is running already (process ${killed.pid}). Stop it with Ctrl-C`);

      await killed.says('opens the pull request');
      while (!isTraining(killed.pid)) await delay(100);
      const running = listProcesses({ pid: killed.pid, directory });
      for (const part of ['sandbox/runner/main.ts', 'bot/main.ts', 'server/main.ts']) {
        expect(running.map(({ command: line }) => line)).toContainEqual(expect.stringContaining(part));
      }
      killed.kill('SIGKILL');
      expect((await killed.ended).signal).toBe('SIGKILL');
      expect(await leftovers(running.map(({ pid }) => pid))).toEqual([]);

      const told = runStory(command);
      await told.says('Look around: ');
      expect(told.output()).toMatch(/All \d+ facts hold/);
      // Ctrl-C is how a told story is meant to end.
      told.kill('SIGINT', 'group');
      expect((await told.ended).code).toBe(0);
      expect(await leftovers([told.pid])).toEqual([]);
    },
    4 * minutes,
  );

  it(
    'by Ctrl-C in the middle says so by its exit code and leaves nothing running',
    async () => {
      const story = runStory(command);
      await story.says('Start a local GitHub');
      story.kill('SIGINT', 'group');
      expect((await story.ended).code).toBe(130);
      expect(await leftovers([story.pid])).toEqual([]);
    },
    2 * minutes,
  );
});
