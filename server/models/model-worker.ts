import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { inspectModel } from '../../adapters/onnx/inspect-model.ts';
import { chooseOutput, toScores } from '../../adapters/onnx/to-scores.ts';
import { describeError } from '../../pipelines/describe-error.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { arrays, datatypeOf, datatypes } from '../protocol/datatypes.ts';
import type { Port, RuntimeTensor, WorkerAnswer, WorkerRequest } from './worker-messages.ts';

/**
 * One loaded model in a thread of its own: both loading and running block the thread they are called from. The thread
 * ends by the message `close`; terminating it from outside while the runtime works would abort the whole process.
 */
const port = parentPort;
if (port !== null) {
  let loaded: Loaded | null = null;
  let turn: Promise<void> = Promise.resolve();
  port.on('message', (request: WorkerRequest) => {
    turn = turn.then(async () => {
      if (request.kind === 'load') {
        loaded = await load(request.bytes, (answer) => port.postMessage(answer));
      } else if (request.kind === 'run') {
        port.postMessage(await answerRun(loaded, request));
      } else {
        await loaded?.session.release();
        port.close();
      }
    });
  });
}

type Loaded = { session: InferenceSession; score: string };

async function load(bytes: Uint8Array, answer: (answer: WorkerAnswer) => void): Promise<Loaded | null> {
  try {
    inspectModel(bytes);
    const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    const inputs = session.inputMetadata.map(toPort);
    const outputs = session.outputMetadata.filter(({ isTensor }) => isTensor).map(toPort);
    const loaded = { session, score: chooseOutput(outputs.map((one) => ({ ...one, shape: [...one.shape] }))).name };
    for (const rows of [1, 64]) await run(loaded, zeros(inputs, rows), rows, [loaded.score]);
    answer({ kind: 'loaded', inputs, outputs });
    return loaded;
  } catch (thrown) {
    const code = thrown instanceof PulltrainError ? thrown.code : 'model-not-onnx';
    answer({ kind: 'refused', code, message: describeError(thrown) });
    return null;
  }
}

async function answerRun(
  loaded: Loaded | null,
  { id, feeds, rows, outputs }: Extract<WorkerRequest, { kind: 'run' }>,
): Promise<WorkerAnswer> {
  try {
    if (loaded === null) throw new Error('no model is loaded');
    return { kind: 'ran', id, ...(await run(loaded, feeds, rows, outputs)) };
  } catch (thrown) {
    return { kind: 'failed', id, message: describeError(thrown) };
  }
}

async function run(
  { session, score }: Loaded,
  feeds: Record<string, RuntimeTensor>,
  rows: number,
  wanted: readonly string[],
) {
  const tensors = Object.fromEntries(
    Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new Tensor(type, data, [...dims])]),
  );
  const results = await session.run(tensors, [...new Set([...wanted, score])]);
  const scored = results[score];
  if (scored === undefined) throw new Error(`the model gave no ${score}`);
  const outputs = Object.fromEntries(wanted.map((name) => [name, fromTensor(name, results[name])]));
  return { outputs, scores: toScores(scored, rows) };
}

function fromTensor(name: string, tensor: Tensor | undefined): RuntimeTensor {
  const datatype = datatypeOf(tensor?.type ?? '');
  if (tensor === undefined || datatype === undefined) throw new Error(`output ${name} cannot be sent as JSON`);
  const { data } = tensor;
  if (data instanceof Float16Array || data instanceof Uint8ClampedArray) throw new Error(`output ${name} is packed`);
  return { type: datatypes[datatype], dims: tensor.dims, data };
}

/** A batch of zeros (or empty texts): the first runs of a session are slow, and nobody should wait for them. */
function zeros(inputs: readonly Port[], rows: number): Record<string, RuntimeTensor> {
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const datatype = datatypeOf(type);
      if (datatype === undefined) {
        throw new PulltrainError('model-refused', {
          what: `input ${name} has a type that no request can carry`,
          seen: type,
          allowed: Object.values(datatypes).join(', '),
        });
      }
      const dims = shape.map((size, index) => (index === 0 && size === -1 ? rows : Math.max(1, size)));
      const size = dims.reduce((product, dimension) => product * dimension, 1);
      return [name, { type: datatypes[datatype], dims, data: blank(datatypes[datatype], size) }];
    }),
  );
}

function blank(type: RuntimeTensor['type'], size: number): RuntimeTensor['data'] {
  return type === 'string' ? Array.from({ length: size }, () => '') : new arrays[type](size);
}

function toPort(metadata: InferenceSession.ValueMetadata): Port {
  if (!metadata.isTensor) return { name: metadata.name, type: 'not a tensor', shape: [] };
  return {
    name: metadata.name,
    type: metadata.type,
    shape: metadata.shape.map((size) => (typeof size === 'number' ? size : -1)),
  };
}
