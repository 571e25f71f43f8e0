import { Worker } from 'node:worker_threads';
import type { Answers } from '../../pipelines/evaluation/measure-answers.ts';
import type { MeasuredRows } from '../../pipelines/evaluation/measure-rows.ts';

export type Measurer = AsyncDisposable & { measure(answers: Answers): Promise<MeasuredRows> };

/**
 * Measures in threads, so that something else can be done meanwhile. So many are started at once, for they take a while to
 * load; one that measures is asked nothing else, and further ones are started when they are needed.
 */
export function openMeasurer(threads: number): Measurer {
  const all = Array.from({ length: threads }, start);
  const idle = [...all];

  function start(): Worker {
    // Bundled, the thread lies beside the action; from source, beside this file.
    const script = import.meta.url.endsWith('.cjs') ? './measure-worker.cjs' : './measure-worker.ts';
    return new Worker(new URL(script, import.meta.url), { execArgv: process.execArgv });
  }

  return {
    async measure(answers) {
      const worker = idle.pop() ?? start();
      if (!all.includes(worker)) all.push(worker);
      const { promise, resolve, reject } = Promise.withResolvers<MeasuredRows>();
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.postMessage(answers);
      const measured = await promise;
      worker.off('error', reject);
      idle.push(worker);
      return measured;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((worker) => worker.terminate()));
    },
  };
}
