import type { RunFailure } from '../contracts/run-record.ts';
import { describeError } from '../describe-error.ts';
import { PulltrainError } from '../errors.ts';

/** A training run that ended badly for a reason that its record names. */
export class RunFailed extends PulltrainError {
  readonly failure: RunFailure;

  constructor(failure: RunFailure) {
    const bounded = { ...failure, message: failure.message.slice(0, 4000) };
    super(failure.code, { what: bounded.message });
    this.failure = bounded;
  }
}

/** Runs `work`; a fault of the input in it becomes a failure with that code. Our own bugs pass through. */
export async function failingAs<Value>(
  code: RunFailure['code'],
  stage: string | null,
  work: () => Promise<Value>,
): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof RunFailed || !(thrown instanceof PulltrainError)) throw thrown;
    const where = stage === null ? '' : `Stage ${stage}: `;
    throw new RunFailed({ code, stage, message: `${where}${describeError(thrown)}` });
  }
}
