import { PulltrainError } from '../../pipelines/errors.ts';
import { addTensor, noTensors } from './inspect-tensor.ts';
import { readClassLabels } from './read-class-labels.ts';
import { readFields } from './read-fields.ts';
import { supportedVersions } from './supported-versions.ts';

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

/** What the file says that it needs: version of the file format, and of each operator set. */
export type ModelVersions = { ir: number; operatorSets: Map<string, number> };

export type Inspected = {
  versions: ModelVersions;
  /** The classes of its classifiers, in the order of their scores; null where they name none or several lists. */
  classes: string[] | null;
};

/**
 * Looks through the bytes of an ONNX file before a runtime sees them: well-formed protobuf with a graph, versions that the
 * runtime knows, no operator of a custom domain, no tensor that points to another file or unpacks to far more than it is.
 * Throws `model-not-onnx` or `model-refused`, naming everything of the kind that is refused.
 */
export function inspectModel(bytes: Uint8Array): Inspected {
  const versions: ModelVersions = { ir: 0, operatorSets: new Map() };
  const foreign = new Set<string>();
  const tensors = noTensors();
  const classes = new Map<string, string[]>();
  let graphs = 0;
  const walk = (kind: Kind, message: Uint8Array, depth: number): void => {
    if (depth > deepest) throw refused('graphs are nested too deep', `more than ${deepest} levels`);
    if (kind === 'tensor') addTensor(tensors, message);
    if (kind === 'graph') graphs += 1;
    if (kind === 'node' || kind === 'function') addForeign(foreign, kind, message);
    if (kind === 'attribute') {
      const named = readClassLabels(message);
      if (named !== null) classes.set(JSON.stringify(named), named);
    }
    if (kind === 'sparse') tensors.sparse(message);
    for (const { number, value } of readFields(message)) {
      if (kind === 'model' && number === 1 && typeof value === 'number') versions.ir = value;
      if (!(value instanceof Uint8Array)) continue;
      if (kind === 'model' && number === 8) addOperatorSet(versions.operatorSets, value);
      const child = children[kind][number];
      if (child !== undefined) walk(child, value, depth + 1);
    }
  };
  walk('model', bytes, 0);
  for (const domain of versions.operatorSets.keys()) if (!isKnown(domain)) foreign.add(domain);
  if (foreign.size > 0) {
    throw refused('the model uses operators of a custom domain', list(foreign), {
      cure: 'Convert it without custom operators: they are code of somebody else, which no judgement or server runs.',
    });
  }
  tensors.require();
  if (graphs === 0) {
    throw new PulltrainError('model-not-onnx', {
      what: 'the file is not an ONNX model',
      seen: 'no graph inside',
      cure: 'The last stage of the pipeline has to write one ONNX file.',
    });
  }
  requireVersions(versions);
  const [only = null, ...others] = classes.values();
  return { versions, classes: others.length === 0 ? only : null };
}

/** In words, with the name that the default operator set goes by. */
export function describeVersions({ ir, operatorSets }: ModelVersions): string {
  return [`IR ${ir}`, ...[...operatorSets].map(([domain, version]) => `${domain} ${version}`)].join(', ');
}

function requireVersions({ ir, operatorSets }: ModelVersions): void {
  const newer = [...operatorSets].flatMap(([domain, version]) => {
    const known = supportedVersions.operatorSets.get(domain) ?? 0;
    return version > known ? [`${domain} ${version}`] : [];
  });
  if (ir > supportedVersions.ir) newer.unshift(`IR ${ir}`);
  if (newer.length === 0) return;
  throw refused('the model is written for a newer ONNX Runtime than this one', newer.slice(0, 10).join(', '), {
    allowed: `at most ${describeVersions(supportedVersions)}`,
    cure: 'Export it with a lower opset, such as target_opset=17 or opset_version=17.',
  });
}

/** Sets of the same domain count as the newest of them; the default one goes by two names. */
function addOperatorSet(sets: Map<string, number>, message: Uint8Array): void {
  let domain = '';
  let version = 0;
  for (const { number, value } of readFields(message)) {
    if (number === 1 && value instanceof Uint8Array) domain = decode(value);
    if (number === 2 && typeof value === 'number') version = value;
  }
  const name = domain === '' ? 'ai.onnx' : domain;
  sets.set(name, Math.max(version, sets.get(name) ?? 0));
}

function addForeign(foreign: Set<string>, kind: 'node' | 'function', message: Uint8Array): void {
  let operator = '';
  let domain = '';
  const [named, domained] = kind === 'node' ? [4, 7] : [1, 10];
  for (const { number, value } of readFields(message)) {
    if (!(value instanceof Uint8Array)) continue;
    if (number === named) operator = decode(value);
    if (number === domained) domain = decode(value);
  }
  // Points to a compiled file beside the model.
  const isContext = domain === 'com.microsoft' && operator === 'EPContext';
  if (!isKnown(domain) || isContext) foreign.add(`${domain}::${operator || '(unnamed)'}`);
}

function isKnown(domain: string): boolean {
  return domain === '' || supportedVersions.operatorSets.has(domain);
}

function list(names: ReadonlySet<string>): string {
  const shown = [...names].slice(0, 10).map((name) => name.slice(0, 100));
  return `${shown.join(', ')}${names.size > shown.length ? ` and ${names.size - shown.length} more` : ''}`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function refused(what: string, seen: string, more: { allowed?: string; cure?: string } = {}): PulltrainError {
  return new PulltrainError('model-refused', {
    what,
    seen,
    allowed: 'one self-contained file with operators of ai.onnx, ai.onnx.ml and com.microsoft',
    ...more,
  });
}
