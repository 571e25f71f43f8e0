import { PulltrainError } from '../../pipelines/errors.ts';
import type { AnswerKind, ScoreBatches, ScoreColumns, Scores } from '../../pipelines/ports/scorer.ts';
import { type Talk, toError } from './converse.ts';
import { encodeJson } from './frames.ts';
import type { RunningChild } from './start-child.ts';

type Question = {
  batches: ScoreBatches;
  kind: AnswerKind;
  encode(columns: ScoreColumns): { rows: number; frames: Uint8Array[] };
};

/**
 * Sends batches while scores of earlier ones come back, so that the next rows are read while the model works. Throws what
 * `OpenModel.score` throws.
 */
export async function askForScores(
  { batches, kind, encode }: Question,
  talk: Talk,
  child: Pick<RunningChild, 'renewTime'>,
): Promise<Scores> {
  const sent: number[] = [];
  let stopped = false;
  /** Why the rows could not be read, when they could not. */
  const send = async (): Promise<{ why: unknown } | null> => {
    let unread: { why: unknown } | null = null;
    await talk.send(encodeJson({ kind: 'score', answer: kind }));
    try {
      for await (const columns of batches) {
        if (stopped) break;
        const { rows, frames } = encode(columns);
        sent.push(rows);
        await talk.send(frames);
      }
    } catch (why) {
      unread = { why };
    }
    await talk.send(encodeJson({ kind: 'end' }));
    return unread;
  };
  const sending = send();
  try {
    const scores = await receive(sent, talk, child);
    const unread = await sending;
    if (unread === null) return scores;
    throw unread.why;
  } catch (thrown) {
    stopped = true;
    const unread = await sending;
    throw unread === null ? thrown : unread.why;
  }
}

async function receive(
  sent: readonly number[],
  talk: Talk,
  { renewTime }: Pick<RunningChild, 'renewTime'>,
): Promise<Scores> {
  const parts: Float64Array[] = [];
  let rows = 0;
  let width: number | null = null;
  for (;;) {
    const found = await talk.next();
    if (found instanceof Float64Array) {
      const expected = sent[parts.length] ?? 0;
      width ??= found.length / expected;
      if (expected === 0 || found.length !== width * expected || !Number.isInteger(width)) {
        throw invalid(`${found.length} numbers for ${expected} rows`);
      }
      parts.push(found);
      rows += expected;
      renewTime();
    } else if (found.kind === 'done') {
      if (parts.length !== sent.length) throw invalid(`answers to ${parts.length} of ${sent.length} batches`);
      return { values: concat(parts), rows, width: width ?? 1, seconds: found.seconds };
    } else throw found.kind === 'error' ? toError(found) : invalid(found.kind);
  }
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const values = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    values.set(part, at);
    at += part.length;
  }
  return values;
}

function invalid(seen: string): PulltrainError {
  return new PulltrainError('model-output-invalid', { what: 'the model does not answer every row', seen });
}
