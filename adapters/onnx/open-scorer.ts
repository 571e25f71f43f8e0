import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelDescription, ReadColumns, ScoreColumns, ScoreResult, Scorer } from '../../pipelines/ports/scorer.ts';
import { type ChildAnswer, type ChildRequest, childAnswerSchema } from './child-protocol.ts';
import type { Enclosure } from './enclosure.ts';
import { findEnclosure } from './find-enclosure.ts';
import { encodeFrame, frameKinds, readFrames, toDoubles } from './frames.ts';
import { openModelFile } from './open-model-file.ts';
import { requireColumns } from './require-columns.ts';
import { type ChildLimits, startChild } from './start-child.ts';

export type ScorerLimits = ChildLimits & {
  /** Bytes of a model file. */
  file: number;
};

const usualLimits: ScorerLimits = { time: 300_000, memory: 4 * 2 ** 30, file: 2 ** 30 };
const batchRows = 8192;

/**
 * A scorer that opens every file in a process of its own. Several may be started at once and load at the same time; they
 * are scored one after the other, so that latencies are taken under the same conditions. `enclosure` says
 * what those processes are kept from.
 */
export async function openScorer(limits: Partial<ScorerLimits> = {}): Promise<Scorer & { enclosure: Enclosure }> {
  const { file, ...child } = { ...usualLimits, ...limits };
  const enclosure = await findEnclosure();
  const takeTurn = openTurns();
  const open = (mode: ChildRequest['mode'], path: string, feed?: Feed) =>
    converse({ mode, largest: file }, path, child, enclosure, feed);
  return {
    enclosure,
    async describe(modelPath) {
      const { opened } = await open('describe', modelPath);
      return describe(opened);
    },
    async score(modelPath, read, { probability }) {
      const { opened, done, scores } = await open('score', modelPath, { read, takeTurn });
      if (done === null) throw silent();
      requireScores(scores, probability);
      return {
        ...describe(opened),
        scores,
        loadMs: opened.loadMs,
        rowsPerSecond: scores.length / Math.max(done.seconds, 1e-6),
        latencyP50Ms: done.latencyP50Ms,
        latencyP95Ms: done.latencyP95Ms,
      } satisfies ScoreResult;
    },
  };
}

type Opened = Extract<ChildAnswer, { kind: 'opened' }>;
type Done = Extract<ChildAnswer, { kind: 'done' }>;
type Feed = { read: ReadColumns; takeTurn: TakeTurn };

function describe({ inputs, outputs, sha256, size }: Opened): ModelDescription {
  return { inputs, outputs, sha256, size };
}

/** One child from start to end: it opens the file, then takes the columns batch by batch and gives scores back. */
async function converse(
  request: ChildRequest,
  modelPath: string,
  limits: ChildLimits,
  enclosure: Enclosure,
  feed?: Feed,
): Promise<{ opened: Opened; done: Done | null; scores: Float64Array }> {
  const child = await startOn(modelPath, (model) => startChild(request, model, limits, enclosure));
  // Awaited below; until then a failure must not count as unhandled.
  child.ended.catch(() => {});
  let scores = new Float64Array();
  let opened: Opened | null = null;
  let done: Done | null = null;
  let sending: Promise<void> = Promise.resolve();
  let filled = 0;
  let endTurn = () => {};
  try {
    for await (const { kind, payload } of readFrames(child.stdout)) {
      if (kind === frameKinds.numbers) {
        const batch = toDoubles(payload);
        if (filled + batch.length > scores.length) throw invalid(`more than ${scores.length} scores`);
        scores.set(batch, filled);
        filled += batch.length;
        continue;
      }
      const answer = childAnswerSchema.parse(JSON.parse(payload.toString('utf8')));
      if (answer.kind === 'error') throw new PulltrainError(answer.code, parts(answer));
      if (answer.kind === 'done') done = answer;
      if (answer.kind !== 'opened' || opened !== null) continue;
      opened = answer;
      if (feed === undefined) continue;
      endTurn = await feed.takeTurn();
      child.renewTime();
      const columns = await feed.read(answer.inputs);
      requireColumns(answer.inputs, columns);
      scores = new Float64Array(rowsOf(columns));
      const names = answer.inputs.map(({ name }) => name);
      sending = send(child.stdin, columns, names, scores.length);
      sending.catch(() => {});
    }
  } catch (thrown) {
    child.kill();
    await child.ended.catch(() => {});
    throw thrown;
  } finally {
    endTurn();
  }
  await Promise.all([child.ended, sending]);
  if (opened === null) throw silent();
  if (filled !== scores.length) throw invalid(`${filled} scores for ${scores.length} rows`);
  return { opened, done, scores };
}

/** The child keeps the file open for itself; it may be where the child could not find it. */
async function startOn<Child>(modelPath: string, start: (model: number) => Child): Promise<Child> {
  await using model = await openModelFile(modelPath);
  return start(model.fd);
}

/** Resolves when it is the caller's turn, with the way to end it. */
type TakeTurn = () => Promise<() => void>;

function openTurns(): TakeTurn {
  let last = Promise.resolve();
  return async () => {
    const { promise, resolve: end } = Promise.withResolvers<void>();
    const before = last;
    last = promise;
    await before;
    return end;
  };
}

async function send(stdin: Writable, columns: ScoreColumns, names: readonly string[], rows: number): Promise<void> {
  const closed = once(stdin, 'close');
  for (let start = 0; start < rows && !stdin.destroyed; start += batchRows) {
    for (const name of names) {
      const slice = (columns[name] ?? []).slice(start, start + batchRows);
      const frame =
        slice instanceof Float64Array
          ? encodeFrame(frameKinds.numbers, new Uint8Array(slice.buffer))
          : encodeFrame(frameKinds.texts, Buffer.from(JSON.stringify(slice)));
      for (const part of frame) {
        if (!stdin.write(part)) await Promise.race([once(stdin, 'drain'), closed]);
      }
    }
  }
  stdin.end();
}

function rowsOf(columns: ScoreColumns): number {
  return Object.values(columns)[0]?.length ?? 0;
}

function requireScores(scores: Float64Array, probability: boolean): void {
  for (let row = 0; row < scores.length; row += 1) {
    const score = scores[row] ?? Number.NaN;
    if (!Number.isFinite(score)) throw invalid(`${score} in row ${row}`);
    // A float32 sigmoid may end a rounding error outside.
    if (probability && (score < -1e-6 || score > 1 + 1e-6)) throw invalid(`${score} in row ${row}`);
    if (probability) scores[row] = Math.min(1, Math.max(0, score));
  }
}

function parts({ what, seen, allowed, cure }: Extract<ChildAnswer, { kind: 'error' }>) {
  return {
    what,
    ...(seen === undefined ? {} : { seen }),
    ...(allowed === undefined ? {} : { allowed }),
    ...(cure === undefined ? {} : { cure }),
  };
}

function invalid(seen: string): PulltrainError {
  return new PulltrainError('model-output-invalid', {
    what: 'the model does not give one valid score per row',
    seen,
    allowed: 'a finite number per row, for a binary task a probability from 0 to 1',
  });
}

function silent(): PulltrainError {
  return new PulltrainError('model-crashed', { what: 'the scoring process ended without an answer' });
}
