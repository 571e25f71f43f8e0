import { PulltrainError } from '../pipelines/errors.ts';

const told: Readonly<Record<string, string>> = {
  'content-missing': 'the bytes are not in the store',
  'content-corrupt': 'the bytes in the store are damaged',
  'remote-unknown': 'the store is of a kind that is not known',
};

/**
 * A fault of the store of the holdout without the words of that store: where it lies is a secret, and many people read the
 * logs of jobs. Only what is told here keeps its code, anything else is `store-failed`.
 */
export function hideStore(thrown: unknown, whose: string): PulltrainError {
  const code = thrown instanceof PulltrainError && Object.hasOwn(told, thrown.code) ? thrown.code : 'store-failed';
  return new PulltrainError(code, {
    what: `${whose}: ${told[code] ?? 'the store could not be read'}`,
    cure: 'Check the secret that names the store, that this job reaches it, and that what the pointer names was pushed to it.',
  });
}
