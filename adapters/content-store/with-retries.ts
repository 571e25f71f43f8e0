import { setTimeout as sleep } from 'node:timers/promises';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Milliseconds before the second, third and fourth try; each up to half as long again, so that lanes do not move in step. */
const pauses = [200, 800, 3000];

/** Tries again what a remote refused or broke off; what it does not have and what is damaged is final. */
export async function withRetries<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (const pause of pauses) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof PulltrainError) || thrown.code !== 'remote-failed') throw thrown;
      await sleep(pause * (1 + Math.random() / 2));
    }
  }
  return work();
}
