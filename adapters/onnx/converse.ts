import { once } from 'node:events';
import { describeError } from '../../pipelines/describe-error.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type ChildAnswer, childAnswerSchema } from './child-protocol.ts';
import { frameKinds, readFrames, toDoubles } from './frames.ts';
import type { RunningChild } from './start-child.ts';

type Answer<Kind extends ChildAnswer['kind']> = Extract<ChildAnswer, { kind: Kind }>;

/** Both directions of the pipe to one child. */
export type Talk = {
  /** Resolves when the pipe has taken it all, or is gone. */
  send(parts: readonly Uint8Array[]): Promise<void>;
  /** The next frame: scores, or an answer. Throws why the child ended, and `model-crashed` for what is no answer. */
  next(): Promise<Float64Array | ChildAnswer>;
  /** The next answer, which must be of this kind. Throws what the child reports instead. */
  answer<Kind extends ChildAnswer['kind']>(kind: Kind): Promise<Answer<Kind>>;
  /** Seconds that the model has run, as far as it has told. */
  seconds(): number;
};

export function converse({ stdin, stdout, ended, kill }: RunningChild): Talk {
  const frames = readFrames(stdout);
  let seconds = 0;
  const closed = once(stdin, 'close').catch(() => {});
  const next = async (): Promise<Float64Array | ChildAnswer> => {
    const { value: frame, done } = await frames.next().catch(nonsense);
    if (done === true) {
      await ended;
      throw new PulltrainError('model-crashed', { what: 'the scoring process ended without an answer' });
    }
    if (frame.kind === frameKinds.numbers) return toDoubles(frame.payload);
    try {
      const answer = childAnswerSchema.parse(JSON.parse(frame.payload.toString('utf8')));
      if ('total' in answer) seconds = answer.total;
      return answer;
    } catch (cause) {
      return nonsense(cause);
    }
  };
  const nonsense = (cause: unknown): never => {
    kill();
    const seen = describeError(cause).slice(0, 300);
    throw new PulltrainError('model-crashed', { what: 'the scoring process answers what it cannot', seen, cause });
  };
  return {
    next,
    seconds: () => seconds,
    async send(parts) {
      for (const part of parts) {
        if (stdin.destroyed) return;
        if (!stdin.write(part)) await Promise.race([once(stdin, 'drain'), closed]);
      }
    },
    async answer(kind) {
      const found = await next();
      if (isAnswer(found, kind)) return found;
      if (isAnswer(found, 'error')) throw toError(found);
      return nonsense(new Error(`another answer than ${kind}`));
    },
  };
}

function isAnswer<Kind extends ChildAnswer['kind']>(
  found: Float64Array | ChildAnswer,
  kind: Kind,
): found is Answer<Kind> {
  return 'kind' in found && found.kind === kind;
}

/** The fault that the child tells of. */
export function toError({ code, what, seen, allowed, cure }: Answer<'error'>): PulltrainError {
  return new PulltrainError(code, {
    what,
    ...(seen === undefined ? {} : { seen }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(cure === undefined ? {} : { cure }),
  });
}
