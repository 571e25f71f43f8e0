import { setTimeout as sleep } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

export type WaitOptions = { what: string; where: string; timeoutMs: number; intervalMs?: number; signal?: AbortSignal };

/** Asks `probe` again and again until it answers something other than null; throws `story-timeout` when it never does. */
export async function waitUntil<T>(probe: () => Promise<T | null>, options: WaitOptions): Promise<T> {
  const { what, where, timeoutMs, intervalMs = 150, signal } = options;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await probe();
    if (answer !== null) return answer;
    if (performance.now() > deadline) {
      throw new PulltrainError('story-timeout', {
        what: `${what} did not happen within ${timeoutMs / 1000} s`,
        where,
        cure: 'Open that page for the logs.',
      });
    }
    await sleep(intervalMs);
  }
}
