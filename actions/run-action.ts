import { setFailed } from '@actions/core';
import { config } from 'zod';
import { describeError } from '../pipelines/describe-error.ts';

// A step parses each document once: compiling its parser would take longer than that.
config({ jitless: true });

/** The outermost wrapper of every action: whatever is thrown, `Error` or not, fails the step with its causes. */
export async function runAction(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (thrown) {
    setFailed(describeError(thrown));
  }
}
