import { PulltrainError } from '../../pipelines/errors.ts';

/** The client's fault: answered with 400. */
export function requestInvalid(what: string, seen?: string, allowed?: string): PulltrainError {
  return new PulltrainError('request-invalid', {
    what,
    ...(seen === undefined ? {} : { seen }),
    ...(allowed === undefined ? {} : { allowed }),
  });
}
