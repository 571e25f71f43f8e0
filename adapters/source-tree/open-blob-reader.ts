import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { PulltrainError } from '../../pipelines/errors.ts';
import { gitMissing } from '../git/run-git.ts';

export type BlobReader = { read(object: string): Promise<Uint8Array>; close(): Promise<void> };

type Waiting = { object: string; resolve(bytes: Uint8Array): void; reject(fault: unknown): void };

/** Reads git objects through one `git cat-file --batch`, started at the first read; answers come in the order asked. Reading after `close` throws `git-failed`. */
export function openBlobReader(directory: string): BlobReader {
  const waiting: Waiting[] = [];
  let child: ChildProcessWithoutNullStreams | null = null;
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted: number | null = null;
  let closed = false;

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn('git', ['cat-file', '--batch'], { cwd: directory, stdio: 'pipe' });
    started.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      held += chunk.length;
      answer();
    });
    started.stderr.resume();
    started.stdin.on('error', fail);
    started.on('error', (cause) => fail(gitMissing(cause)));
    started.on('close', () =>
      fail(new PulltrainError('git-failed', { what: 'git cat-file ended early', where: directory })),
    );
    return started;
  }

  function fail(fault: unknown): void {
    child = null;
    for (const one of waiting.splice(0)) one.reject(fault);
  }

  /** Takes as many whole answers as have arrived: a header line, the bytes, a line end. */
  function answer(): void {
    while (waiting.length > 0) {
      if (wanted === null) {
        const whole = join();
        const end = whole.indexOf(10);
        if (end < 0) return;
        const header = whole.subarray(0, end).toString().split(' ');
        keep(whole.subarray(end + 1));
        if (header[1] !== 'blob') {
          const asked = waiting.shift();
          asked?.reject(
            new PulltrainError('git-failed', { what: `git has no blob ${asked.object}`, where: directory }),
          );
          continue;
        }
        wanted = Number(header[2]);
      }
      if (held < wanted + 1) return;
      const whole = join();
      waiting.shift()?.resolve(Uint8Array.from(whole.subarray(0, wanted)));
      keep(whole.subarray(wanted + 1));
      wanted = null;
    }
  }

  function join(): Buffer {
    const whole = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    chunks = [whole];
    return whole;
  }

  function keep(rest: Buffer): void {
    chunks = [rest];
    held = rest.length;
  }

  return {
    async read(object) {
      // What somebody still asks for behind a fault would start a process that nobody ends.
      if (closed) throw new PulltrainError('git-failed', { what: 'the repository is closed', where: directory });
      child ??= start();
      const running = child;
      return new Promise((resolve, reject) => {
        waiting.push({ object, resolve, reject });
        running.stdin.write(`${object}\n`);
      });
    },
    async close() {
      closed = true;
      const running = child;
      if (running === null) return;
      child = null;
      running.removeAllListeners('close');
      const ended = new Promise((resolve) => running.once('close', resolve));
      running.stdin.end();
      await ended;
    },
  };
}
