import type { ModelTensor, OpenModel, ScoreColumns } from '../../pipelines/ports/scorer.ts';
import { askForScores } from './ask-for-scores.ts';
import { converse } from './converse.ts';
import type { Enclosure } from './enclosure.ts';
import { encodeColumn } from './encode-column.ts';
import { encodeJson } from './frames.ts';
import { openModelFile } from './open-model-file.ts';
import type { ScorerOptions } from './open-scorer.ts';
import type { TakeTurn } from './open-turns.ts';
import { requireColumns } from './require-columns.ts';
import { startChild } from './start-child.ts';

/** Starts a process for one model file and keeps it until `close`. Throws what `Scorer.open` throws. */
export async function openModel(
  path: string,
  { file, provider, ...limits }: ScorerOptions,
  { enclosure, takeTurn }: { enclosure: Enclosure; takeTurn: TakeTurn },
): Promise<OpenModel> {
  const child = await startOn(path, (model) => startChild({ largest: file, provider }, model, limits, enclosure));
  // Looked at when its answers end; until then a failure must not count as unhandled.
  child.ended.catch(() => {});
  const close = async () => {
    child.kill();
    await child.ended.catch(() => {});
  };
  const talk = converse(child);
  const { inputs, outputs, sha256, size, classes, loadMs } = await talk
    .answer('opened')
    .catch(async (thrown: unknown) => {
      await close();
      throw thrown;
    });
  child.stopTime();

  /** One question at a time, to whichever model. */
  const ask = async <Result>(question: () => Promise<Result>): Promise<Result> => {
    const endTurn = await takeTurn();
    try {
      child.startTime();
      return await question();
    } finally {
      child.stopTime();
      endTurn();
    }
  };
  const encode = (columns: ScoreColumns) => encodeBatch(inputs, columns);

  return {
    description: { inputs, outputs, sha256, size, classes },
    loadMs,
    provider,
    score: (batches, kind) => ask(() => askForScores({ batches, kind, encode }, talk, child)),
    time: (columns, sizes) =>
      ask(async () => {
        const batch = encode(columns);
        await talk.send([...encodeJson({ kind: 'time', sizes }), ...batch.frames]);
        return (await talk.answer('timed')).latencies;
      }),
    seconds: talk.seconds,
    peakMemory: child.peakMemory,
    close,
  };
}

/** The child keeps the file open for itself; it may be where the child could not find it. */
async function startOn<Child>(modelPath: string, start: (model: number) => Child): Promise<Child> {
  await using model = await openModelFile(modelPath);
  return start(model.fd);
}

/** A frame for each input, in the order of the inputs. Throws `model-inputs-mismatch`. */
function encodeBatch(inputs: readonly ModelTensor[], columns: ScoreColumns): { rows: number; frames: Uint8Array[] } {
  requireColumns(inputs, columns);
  const found = inputs.map((input) => ({ input, column: columns[input.name] ?? [] }));
  const rows = found[0]?.column.length ?? 0;
  const uneven = found.find(({ column }) => column.length !== rows);
  if (uneven !== undefined) throw new TypeError(`column ${uneven.input.name} has not the ${rows} rows of the others`);
  return { rows, frames: found.flatMap(({ input, column }) => encodeColumn(input, column)) };
}
