import { setFailed } from '@actions/core';
import { describeError } from '../pipelines/describe-error.ts';

/** The outermost wrapper of every action: whatever is thrown, `Error` or not, fails the step with its causes. */
export async function runAction(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    setFailed(describeError(thrown));
  }
}
