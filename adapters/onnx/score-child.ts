import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { env, InferenceSession, type Tensor } from 'onnxruntime-node';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { AnswerKind, ModelTensor } from '../../pipelines/ports/scorer.ts';
import {
  type ChildAnswer,
  childAnswerSchema,
  childRequestSchema,
  childStartSchema,
  type Provider,
} from './child-protocol.ts';
import { encodeFrame, encodeJson, type Frame, frameKinds, readFrames } from './frames.ts';
import { describeVersions, inspectModel, type ModelVersions } from './inspect-model.ts';
import { readDescriptor } from './read-descriptor.ts';
import { supportedVersions } from './supported-versions.ts';
import { timeCalls } from './time-calls.ts';
import { chooseOutput, toAnswers } from './to-scores.ts';
import { toTensor } from './to-tensor.ts';

// The process that opens a file which nobody vouches for. It is started with an empty environment, its own process
// group, limits on time and memory and, where the system can, closed in. It reads the model from a descriptor that is open
// already, requests and columns from standard input, and writes answers to standard output until its input ends.

type Feeds = Record<string, Tensor>;
type Model = {
  inputs: readonly ModelTensor[];
  run(feeds: Feeds): Promise<Tensor>;
  /** Spent in `run` so far. */
  seconds(): number;
};

async function main(): Promise<void> {
  const { largest, provider } = childStartSchema.parse(JSON.parse(process.argv[2] ?? ''));
  const bytes = await readDescriptor(3, largest);
  const { versions, classes } = inspectModel(bytes);
  const started = performance.now();
  const session = await openSession(bytes, versions, provider);
  const loadMs = performance.now() - started;
  const inputs = session.inputMetadata.map(toModelTensor);
  const outputs = session.outputMetadata.map(toModelTensor);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  await answer({ kind: 'opened', inputs, outputs, sha256, size: bytes.length, classes, loadMs });

  let spent = 0;
  const run = async (feeds: Feeds): Promise<Tensor> => {
    const { name } = chooseOutput(outputs);
    const began = performance.now();
    const result = (await session.run(feeds, [name]))[name];
    spent += performance.now() - began;
    if (result === undefined) throw new PulltrainError('model-output-invalid', { what: `no output ${name}` });
    return result;
  };
  await serve({ inputs, run, seconds: () => spent / 1000 });
}

/** Answers one request after the other. A fault of the model ends its request, and the model can be asked again. */
async function serve(model: Model): Promise<void> {
  const frames = readFrames(process.stdin);
  for (;;) {
    const request = await nextRequest(frames);
    if (request === null) return;
    if (request.kind === 'end') continue;
    try {
      if (request.kind === 'score') await scoreBatches(model, request.answer, frames);
      else {
        const latencies = await timeBatch(model, request.sizes, frames);
        await answer({ kind: 'timed', latencies, total: model.seconds() });
      }
    } catch (thrown) {
      await report(thrown);
    }
  }
}

/** What is left of a request that failed is passed over. */
async function nextRequest(frames: AsyncGenerator<Frame>) {
  for (;;) {
    const { value: frame, done } = await frames.next();
    if (done === true) return null;
    if (frame.kind === frameKinds.json) return childRequestSchema.parse(JSON.parse(frame.payload.toString('utf8')));
  }
}

async function scoreBatches(model: Model, kind: AnswerKind, frames: AsyncGenerator<Frame>): Promise<void> {
  let seconds = 0;
  let width: number | null = null;
  for (;;) {
    const batch = await nextBatch(model, frames);
    if (batch === null) break;
    const started = performance.now();
    const answers = toAnswers(await model.run(batch.feeds), batch.rows, kind);
    seconds += (performance.now() - started) / 1000;
    width ??= answers.width;
    if (answers.width !== width) {
      throw new PulltrainError('model-output-invalid', {
        what: 'the output changes its shape from batch to batch',
        seen: `${answers.width} numbers per row after ${width}`,
      });
    }
    await write(encodeFrame(frameKinds.numbers, new Uint8Array(answers.values.buffer)));
  }
  await answer({ kind: 'done', seconds, total: model.seconds() });
}

async function timeBatch(model: Model, sizes: readonly number[], frames: AsyncGenerator<Frame>) {
  const batch = await nextBatch(model, frames);
  return batch === null ? [] : timeCalls(batch.feeds, batch.rows, sizes, model.run);
}

/** One frame per input makes a batch; a request in its place is the end of the batches. */
async function nextBatch(
  { inputs }: Model,
  frames: AsyncGenerator<Frame>,
): Promise<{ feeds: Feeds; rows: number } | null> {
  const feeds: Feeds = {};
  let rows = 0;
  for (const input of inputs) {
    const { value: frame, done } = await frames.next();
    if (done === true || frame.kind === frameKinds.json) return null;
    const tensor = toTensor(input, frame);
    feeds[input.name] = tensor;
    rows = tensor.dims[0] ?? 0;
  }
  return { feeds, rows };
}

async function openSession(bytes: Uint8Array, versions: ModelVersions, provider: Provider): Promise<InferenceSession> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
  try {
    return await InferenceSession.create(bytes, { ...options, executionProviders: [provider] });
  } catch (cause) {
    const seen = String(cause instanceof Error ? cause.message : cause).slice(0, 500);
    // What the processor can load, only the GPU is missing for.
    const isMissing = provider === 'cuda' && (await loads(bytes, options));
    if (isMissing) {
      throw new PulltrainError('provider-missing', {
        what: 'ONNX Runtime cannot use CUDA on this machine',
        seen,
        allowed: 'an NVIDIA GPU, CUDA 12 with cuDNN 9, and the CUDA files of onnxruntime-node',
        cure: 'Install them (npm rebuild onnxruntime-node --foreground-scripts), or let the processor compute: --provider cpu.',
      });
    }
    throw new PulltrainError('model-not-onnx', {
      what: 'ONNX Runtime cannot load the file',
      seen,
      allowed: `the file has ${describeVersions(versions)}; ONNX Runtime ${env.versions.node ?? ''} knows ${describeVersions(supportedVersions)}`,
      cure: 'The last stage of the pipeline has to write one ONNX file.',
    });
  }
}

async function loads(bytes: Uint8Array, options: InferenceSession.SessionOptions): Promise<boolean> {
  try {
    await (await InferenceSession.create(bytes, { ...options, executionProviders: ['cpu'] })).release();
    return true;
  } catch {
    return false;
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
    what: text(known?.parts.what) ?? 'ONNX Runtime cannot run the model on these rows',
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
