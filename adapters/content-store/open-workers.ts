import { getCompileCacheDir } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectTask, TaskMessage, TaskResult } from './object-task.ts';
import { openTaskRunner } from './run-object-task.ts';

/** Threads for reading, hashing and packing. Close them, or use `await using`. */
export type Workers = AsyncDisposable & {
  run(task: ObjectTask): Promise<TaskResult>;
  /** Chooses one thread for tasks that belong together; they run on it in their order. */
  choose(): (task: ObjectTask) => Promise<TaskResult>;
  /** Makes what all threads packed visible. */
  seal(): Promise<string[]>;
};

type Member = { run(task: ObjectTask): Promise<TaskResult>; end(): Promise<void> };
/** A member with the work that only it may do. */
type Seat = { member: Member; isBusy: boolean; own: Job[]; chosen: number };
type Job = (member: Member) => Promise<void>;

/** Bytes up to which starting threads costs more than it gains. */
const smallWork = 16 * 1024 * 1024;

/**
 * As many threads as the machine has cores, started as they are needed; little work is done at once in this thread.
 * Tasks run in the order given, each by the first member that is free. Throws `disk-full` and `store-failed`.
 */
export function openWorkers(work: { bytes: number; files: number }, report: (bytes: number) => void): Workers {
  const inline = work.bytes <= smallWork && work.files <= 2000;
  const most = inline ? 1 : Math.max(1, availableParallelism());
  const seats: Seat[] = [];
  const waiting: Job[] = [];

  function start(): Seat {
    const member = inline ? startInline(report) : startThread(report);
    const seat = { member, isBusy: false, own: [], chosen: 0 };
    seats.push(seat);
    return seat;
  }

  function serve(seat: Seat): void {
    if (seat.isBusy) return;
    const job = seat.own.shift() ?? waiting.shift();
    if (job === undefined) return;
    seat.isBusy = true;
    void job(seat.member).finally(() => {
      seat.isBusy = false;
      serve(seat);
    });
  }

  function enqueue(queue: Job[], task: ObjectTask, seat: () => Seat | undefined): Promise<TaskResult> {
    return new Promise((resolve, reject) => {
      queue.push((member) => member.run(task).then(resolve, reject));
      const free = seat();
      if (free !== undefined) serve(free);
    });
  }

  const free = () => seats.find(({ isBusy }) => !isBusy) ?? (seats.length < most ? start() : undefined);
  return {
    run: (task) => enqueue(waiting, task, free),
    choose() {
      const seat = seats.length < most ? start() : seats.reduce((best, one) => (one.chosen < best.chosen ? one : best));
      seat.chosen += 1;
      return (task) => enqueue(seat.own, task, () => seat);
    },
    async seal() {
      const results = await Promise.all(seats.map(({ member }) => member.run({ type: 'seal' })));
      return results.flatMap(({ packs }) => packs);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(seats.map(({ member }) => member.end()));
    },
  };
}

function startInline(report: (bytes: number) => void): Member {
  const runner = openTaskRunner(report);
  return {
    async run(task) {
      try {
        return runner.run(task);
      } catch (cause) {
        runner.abandon();
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'internal';
        throw storeFault(code, cause instanceof Error ? cause.message : String(cause), cause);
      }
    },
    async end() {
      runner.abandon();
    },
  };
}

function startThread(report: (bytes: number) => void): Member {
  // Bundled, the thread lies beside the action; from source, beside this file.
  const script = import.meta.url.endsWith('.cjs') ? './object-worker.cjs' : './object-worker.ts';
  // A thread has a cache of compiled code of its own, which only its environment switches on.
  const compiled = getCompileCacheDir();
  const env = compiled === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(compiled) };
  // What a thread makes lives for one task: more room for the young only takes memory, for each core.
  const resourceLimits = { maxYoungGenerationSizeMb: 12 };
  const worker = new Worker(new URL(script, import.meta.url), { execArgv: process.execArgv, env, resourceLimits });
  let last: Promise<unknown> = Promise.resolve();
  let settle: { resolve(result: TaskResult): void; reject(fault: unknown): void } | null = null;
  worker.on('message', (message: TaskMessage) => {
    if (message.type === 'bytes') return report(message.count);
    const current = settle;
    settle = null;
    if (message.type === 'done') current?.resolve(message.result);
    else current?.reject(storeFault(message.code, message.message));
  });
  const fail = (cause: unknown) => {
    settle?.reject(new PulltrainError('store-failed', { what: 'a thread of the store ended early', cause }));
    settle = null;
  };
  worker.on('error', fail);
  worker.on('exit', fail);
  return {
    run(task) {
      const answer = new Promise<TaskResult>((resolve, reject) => {
        settle = { resolve, reject };
        worker.postMessage(task);
      });
      last = answer.catch(() => undefined);
      return answer;
    },
    async end() {
      // What a task is in the middle of is let go by the thread itself, so that no temporary file stays.
      while (settle !== null) await last;
      await this.run({ type: 'abandon' }).catch(() => undefined);
      worker.off('exit', fail);
      await worker.terminate();
    },
  };
}

function storeFault(code: string, message: string, cause?: unknown): PulltrainError {
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new PulltrainError('disk-full', {
      what: 'the disk has no room for it; nothing was named that is not there',
      seen: message,
      cure: 'Make room (pulltrain data gc removes what no revision names) and run the command again.',
      cause,
    });
  }
  return new PulltrainError('store-failed', { what: 'the store could not be written', seen: message, cause });
}
