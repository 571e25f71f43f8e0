import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('../../sandbox/story/main.ts', import.meta.url));

export type RunningStory = {
  pid: number;
  /** Everything it has printed so far. */
  output(): string;
  /** Resolves when its output contains the text; rejects when it ends without. */
  says(text: string): Promise<void>;
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; output: string }>;
  /** To the story alone, or to its whole process group as a terminal does. */
  kill(signal: NodeJS.Signals, whom?: 'alone' | 'group'): void;
};

/** Runs the story as `npm start` does, in a process group of its own. */
export function runStory(args: readonly string[], env: NodeJS.ProcessEnv = process.env): RunningStory {
  const child = spawn(process.execPath, [script, ...args], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the story could not be started');
  let text = '';
  let over = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const ended = new Promise<Awaited<RunningStory['ended']>>((resolve) =>
    child.once('close', (code, signal) => {
      over = true;
      resolve({ code, signal, output: text });
    }),
  );
  return {
    pid,
    output: () => text,
    async says(words) {
      while (!text.includes(words)) {
        if (over) throw new Error(`the story ended without "${words}":\n${text}`);
        await delay(50);
      }
    },
    ended,
    kill: (signal, whom = 'alone') => void process.kill(whom === 'group' ? -pid : pid, signal),
  };
}

/** Where a story of that name works. */
export function storyDirectory(name: string): string {
  return join(fileURLToPath(new URL('../..', import.meta.url)), '.pulltrain', name);
}
