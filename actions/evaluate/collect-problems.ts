import type { Problem } from '../../pipelines/contracts/judgement.ts';
import { PulltrainError } from '../../pipelines/errors.ts';

/** Gathers what could not be done, so that one fault does not hide the next. */
export type Problems = {
  /** In the order in which the steps began, however they ended. */
  readonly found: Problem[];
  add(...problems: Problem[]): void;
  /**
   * Runs a step, which may add problems of its own; a fault of the input becomes a problem and the answer null. Anything
   * else is thrown on.
   */
  attempt<Value>(
    step: (add: (problems: readonly Problem[]) => void) => Promise<Value>,
    told?: (error: PulltrainError) => string,
  ): Promise<Value | null>;
};

/** Faults of this machine and its services: the job fails, and may be run again. */
const infrastructure = new Set(['git-missing', 'git-failed', 'store-failed', 'remote-unknown']);

export function collectProblems(): Problems {
  const steps: Problem[][] = [];
  const begin = () => {
    const own: Problem[] = [];
    steps.push(own);
    return (problems: readonly Problem[]) => {
      for (const { code, message } of problems) own.push({ code, message: message.slice(0, 4000) });
    };
  };
  return {
    get found() {
      return steps.flat();
    },
    add(...problems) {
      begin()(problems);
    },
    async attempt(step, told = ({ message }) => message) {
      const add = begin();
      try {
        return await step(add);
      } catch (thrown) {
        if (!(thrown instanceof PulltrainError) || infrastructure.has(thrown.code)) throw thrown;
        add([{ code: thrown.code, message: told(thrown) }]);
        return null;
      }
    },
  };
}
