import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { Port, RuntimeTensor, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

export type ModelRun = { outputs: Record<string, RuntimeTensor>; scores: Float64Array };

/** A loaded and warmed model. */
export type RunningModel = {
  inputs: readonly Port[];
  outputs: readonly Port[];
  /** Runs that were asked for and have not been answered. */
  pending(): number;
  /** Throws `model-failed` when the model cannot score these rows, `model-gone` when its thread has died. */
  run(feeds: Record<string, RuntimeTensor>, rows: number, outputs: readonly string[]): Promise<ModelRun>;
  /** Finishes what is pending, then releases the session and ends the thread. */
  close(): Promise<void>;
};

/** Loads a model in its own thread. Throws the reason when it cannot be loaded; nothing stays behind then. */
export async function startModel(bytes: Uint8Array, onDeath: () => void): Promise<RunningModel> {
  const worker = new Worker(new URL('./model-worker.ts', import.meta.url));
  const ended = once(worker, 'exit');
  const waiting = new Map<number, { resolve(run: ModelRun): void; reject(fault: Error): void }>();
  let nextId = 0;
  let state: 'open' | 'closing' | 'dead' = 'open';
  const send = (request: WorkerRequest) => worker.postMessage(request);

  const { inputs, outputs } = await new Promise<{ inputs: Port[]; outputs: Port[] }>((resolve, reject) => {
    worker.on('message', (answer: WorkerAnswer) => {
      if (answer.kind === 'loaded') resolve(answer);
      else if (answer.kind === 'refused') reject(new PulltrainError(answer.code, { what: answer.message }));
      else if (answer.kind === 'ran') take(answer.id)?.resolve(answer);
      else take(answer.id)?.reject(new PulltrainError('model-failed', { what: answer.message }));
    });
    worker.on('error', (cause) => reject(gone(cause)));
    worker.on('exit', () => {
      reject(gone());
      for (const id of [...waiting.keys()]) take(id)?.reject(gone());
      if (state === 'open') onDeath();
      state = 'dead';
    });
    send({ kind: 'load', bytes });
  }).catch(async (fault: unknown) => {
    state = 'closing';
    send({ kind: 'close' });
    await ended;
    throw fault;
  });

  function take(id: number) {
    const entry = waiting.get(id);
    waiting.delete(id);
    return entry;
  }

  return {
    inputs,
    outputs,
    pending: () => waiting.size,
    run(feeds, rows, wanted) {
      if (state !== 'open') return Promise.reject(gone());
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        send({ kind: 'run', id, feeds, rows, outputs: wanted });
      });
    },
    async close() {
      if (state === 'dead') return;
      // The thread takes messages in order, so every run before this one is answered.
      if (state === 'open') send({ kind: 'close' });
      state = 'closing';
      await ended;
    },
  };
}

function gone(cause?: unknown): PulltrainError {
  return new PulltrainError('model-gone', {
    what: 'the thread of the model has ended',
    ...(cause === undefined ? {} : { cause }),
  });
}
