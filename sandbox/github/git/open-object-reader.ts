import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { gitEnvironment } from './run-git.ts';

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';
export type GitObject = { oid: string; type: ObjectType; bytes: Buffer };
export type ObjectInfo = { oid: string; type: ObjectType; size: number };

export type ObjectReader = {
  /** Null when the revision names nothing. */
  info(revision: string): Promise<ObjectInfo | null>;
  read(revision: string): Promise<GitObject | null>;
  close(): void;
};

type Pending = {
  command: 'info' | 'contents';
  settle(info: ObjectInfo | null, bytes: Buffer): void;
  fail(error: Error): void;
};

const HEADER = /^([0-9a-f]{40}) (commit|tree|blob|tag) (\d+)$/;

/** One long-lived `git cat-file --batch-command`: a read costs a pipe round trip and no process. */
export function openObjectReader(directory: string): ObjectReader {
  let child: ChildProcessWithoutNullStreams | null = null;
  let pending: Pending[] = [];
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 1;

  function drain(): void {
    let buffer = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    need = 1;
    for (;;) {
      const request = pending[0];
      const newline = buffer.indexOf(10);
      if (request === undefined || newline < 0) {
        need = buffer.length + 1;
        break;
      }
      const match = HEADER.exec(buffer.subarray(0, newline).toString());
      const info = match === null ? null : { oid: match[1] ?? '', type: toType(match[2]), size: Number(match[3]) };
      const bodyEnd = info === null || request.command === 'info' ? newline + 1 : newline + 1 + info.size + 1;
      if (buffer.length < bodyEnd) {
        need = bodyEnd;
        break;
      }
      pending.shift();
      request.settle(info, request.command === 'info' ? Buffer.alloc(0) : buffer.subarray(newline + 1, bodyEnd - 1));
      buffer = buffer.subarray(bodyEnd);
    }
    chunks = buffer.length === 0 ? [] : [buffer];
    have = buffer.length;
  }

  function start(): ChildProcessWithoutNullStreams {
    const started = spawn('git', ['cat-file', '--batch-command'], { cwd: directory, env: gitEnvironment() });
    started.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      have += chunk.length;
      if (have >= need) drain();
    });
    started.stdin.on('error', () => {});
    started.stderr.resume();
    const ended = (reason: Error): void => {
      if (child !== started) return;
      child = null;
      chunks = [];
      have = 0;
      const lost = pending;
      pending = [];
      for (const request of lost) request.fail(reason);
    };
    started.on('error', ended);
    started.on('close', () => ended(new Error('git cat-file ended')));
    return started;
  }

  function ask(command: 'info' | 'contents', revision: string): Promise<(GitObject & ObjectInfo) | null> {
    if (revision === '' || /[\n\0]/.test(revision)) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      child ??= start();
      pending.push({
        command,
        settle: (info, bytes) => resolve(info === null ? null : { ...info, bytes }),
        fail: reject,
      });
      child.stdin.write(`${command} ${revision}\n`);
    });
  }

  return {
    info: (revision) => ask('info', revision),
    read: (revision) => ask('contents', revision),
    close() {
      const running = child;
      child = null;
      running?.stdin.end();
      running?.kill();
    },
  };
}

function toType(word: string | undefined): ObjectType {
  return word === 'commit' || word === 'tree' || word === 'tag' ? word : 'blob';
}
