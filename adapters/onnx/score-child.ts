import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { InferenceSession, type Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ModelTensor } from '../../pipelines/ports/scorer.ts';
import { type ChildAnswer, childAnswerSchema, childRequestSchema } from './child-protocol.ts';
import { encodeFrame, encodeJson, frameKinds, readFrames, toDoubles } from './frames.ts';
import { inspectModel } from './inspect-model.ts';
import { readDescriptor } from './read-descriptor.ts';
import { chooseOutput, toScores } from './to-scores.ts';
import { toTensor } from './to-tensor.ts';

// The process that opens a file which nobody vouches for. It is started with an empty environment, its own process
// group, limits on time and memory and, where the system can, closed in. It reads the model from a descriptor that is open
// already, columns from standard input, and writes scores to standard output.

/** Calls of one row that are timed, after a few that are not. */
const timedCalls = 200;
const warmUpCalls = 20;

async function main(): Promise<void> {
  const request = childRequestSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const bytes = await readDescriptor(3, request.largest);
  inspectModel(bytes);
  const started = performance.now();
  const session = await openSession(bytes);
  const inputs = session.inputMetadata.map(toModelTensor);
  const outputs = session.outputMetadata.map(toModelTensor);
  await answer({
    kind: 'opened',
    inputs,
    outputs,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size: bytes.length,
    loadMs: performance.now() - started,
  });
  if (request.mode === 'score') await scoreBatches(session, inputs, chooseOutput(outputs).name);
}

async function scoreBatches(session: InferenceSession, inputs: readonly ModelTensor[], output: string): Promise<void> {
  const run = async (feeds: Record<string, Tensor>): Promise<Tensor> => {
    const result = (await session.run(feeds, [output]))[output];
    if (result === undefined) throw new PulltrainError('model-output-invalid', { what: `no output ${output}` });
    return result;
  };
  let latencies: number[] | null = null;
  let seconds = 0;
  for await (const batch of readBatches(inputs.length)) {
    latencies ??= await timeSingleRows(inputs, batch, run);
    const rows = batch[0]?.length ?? 0;
    const started = performance.now();
    const result = await run(toFeeds(inputs, batch));
    const scores = toScores(result, rows);
    seconds += (performance.now() - started) / 1000;
    await write(encodeFrame(frameKinds.numbers, new Uint8Array(scores.buffer)));
  }
  const sorted = (latencies ?? [0]).toSorted((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  await answer({ kind: 'done', seconds, latencyP50Ms: at(0.5), latencyP95Ms: at(0.95) });
}

type Column = Float64Array | string[];

/** One frame per input makes a batch. */
async function* readBatches(width: number): AsyncGenerator<Column[]> {
  let batch: Column[] = [];
  for await (const { kind, payload } of readFrames(process.stdin)) {
    batch.push(kind === frameKinds.texts ? JSON.parse(payload.toString('utf8')) : toDoubles(payload));
    if (batch.length < width) continue;
    yield batch;
    batch = [];
  }
}

async function timeSingleRows(
  inputs: readonly ModelTensor[],
  batch: readonly Column[],
  run: (feeds: Record<string, Tensor>) => Promise<Tensor>,
): Promise<number[]> {
  const rows = batch[0]?.length ?? 0;
  const latencies: number[] = [];
  for (let call = 0; call < warmUpCalls + timedCalls; call += 1) {
    const row = call % rows;
    const feeds = toFeeds(
      inputs,
      batch.map((column) => column.slice(row, row + 1)),
    );
    const started = performance.now();
    await run(feeds);
    if (call >= warmUpCalls) latencies.push(performance.now() - started);
  }
  return latencies;
}

function toFeeds(inputs: readonly ModelTensor[], batch: readonly Column[]): Record<string, Tensor> {
  return Object.fromEntries(inputs.map((input, index) => [input.name, toTensor(input, batch[index] ?? [])]));
}

async function openSession(bytes: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
  } catch (cause) {
    throw new PulltrainError('model-not-onnx', {
      what: 'ONNX Runtime cannot load the file',
      seen: String(cause instanceof Error ? cause.message : cause).slice(0, 500),
      cure: 'The last stage of the pipeline has to write one ONNX file.',
    });
  }
}

function toModelTensor(value: InferenceSession.ValueMetadata): ModelTensor {
  if (!value.isTensor) return { name: value.name, type: 'not a tensor', shape: [] };
  const shape = value.shape.map((size) => (typeof size === 'number' && size > 0 ? size : -1));
  return { name: value.name, type: value.type, shape };
}

async function answer(value: ChildAnswer): Promise<void> {
  await write(encodeJson(value));
}

async function write(parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    if (!process.stdout.write(part)) await once(process.stdout, 'drain');
  }
}

/** Faults of the model cross the pipe as data; anything else ends the process and is a crash to the parent. */
async function report(thrown: unknown): Promise<void> {
  const known = thrown instanceof PulltrainError ? thrown : null;
  const text = (part: string | undefined) => part?.slice(0, 1000);
  const parsed = childAnswerSchema.safeParse({
    kind: 'error',
    code: known?.code ?? 'model-output-invalid',
    what: text(known?.parts.what) ?? 'ONNX Runtime cannot run the model on the holdout',
    seen: text(known === null ? String(thrown instanceof Error ? thrown.message : thrown) : known.parts.seen),
    allowed: text(known?.parts.allowed),
    cure: text(known?.parts.cure),
  });
  if (!parsed.success) throw thrown;
  await answer(parsed.data);
}

main()
  .catch(report)
  .then(() => process.stdout.end());
