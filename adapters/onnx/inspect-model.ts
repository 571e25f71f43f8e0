import { PulltrainError } from '../../pipelines/errors.ts';
import { readFields } from './read-fields.ts';

/** Operator sets that ONNX Runtime carries itself; any other needs a library of somebody else's code. */
const allowedDomains = new Set(['', 'ai.onnx', 'ai.onnx.ml']);
/** Graphs inside graphs (If, Loop) deeper than this are an attack on the stack. */
const deepest = 32;

type Kind = 'model' | 'graph' | 'node' | 'attribute' | 'tensor' | 'sparse' | 'function' | 'training';

/** Field numbers of onnx.proto3 that lead to operators and tensors. */
const children: Record<Kind, Record<number, Kind>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  tensor: {},
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
};

/**
 * Looks through the bytes of an ONNX file before a runtime sees them: well-formed protobuf with a graph, no operator
 * of a custom domain, no tensor that points to another file. Throws `model-not-onnx` or `model-refused`.
 */
export function inspectModel(bytes: Uint8Array): void {
  let graphs = 0;
  const walk = (kind: Kind, message: Uint8Array, depth: number): void => {
    if (depth > deepest) throw refused('graphs are nested too deep', `more than ${deepest} levels`);
    if (kind === 'graph') graphs += 1;
    for (const { number, value } of readFields(message)) {
      if (kind === 'tensor' && (number === 13 || (number === 14 && value === 1))) {
        throw refused('the model keeps data in another file', 'external data');
      }
      if (!(value instanceof Uint8Array)) continue;
      if (kind === 'node' && number === 7) requireDomain(value);
      if (kind === 'function' && number === 10) requireDomain(value);
      if (kind === 'model' && number === 8) requireOperatorSet(value);
      const child = children[kind][number];
      if (child !== undefined) walk(child, value, depth + 1);
    }
  };
  walk('model', bytes, 0);
  if (graphs === 0) {
    throw new PulltrainError('model-not-onnx', {
      what: 'the file is not an ONNX model',
      seen: 'no graph inside',
      cure: 'The last stage of the pipeline has to write one ONNX file.',
    });
  }
}

function requireOperatorSet(message: Uint8Array): void {
  for (const { number, value } of readFields(message)) {
    if (number === 1 && value instanceof Uint8Array) requireDomain(value);
  }
}

function requireDomain(name: Uint8Array): void {
  const domain = new TextDecoder().decode(name);
  if (!allowedDomains.has(domain)) throw refused('the model uses operators of a custom domain', domain.slice(0, 100));
}

function refused(what: string, seen: string): PulltrainError {
  return new PulltrainError('model-refused', {
    what,
    seen,
    allowed: 'one self-contained file with operators of ai.onnx and ai.onnx.ml',
  });
}
