import { dirname, join } from 'node:path/posix';
import { LineCounter, parseDocument } from 'yaml';
import { canonicalJson } from '../canonical-json.ts';
import { locateNode } from '../config/locate-node.ts';
import { longestConfig } from '../config/longest-config.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { ChangedLine, ParameterChange } from '../contracts/judgement.ts';
import { describeGate } from '../gates/describe-gate.ts';
import type { SourceTree } from '../ports/source-tree.ts';

export type Located = {
  model: string;
  /** The policy in force. */
  policy: ModelConfig;
  configFile: string;
  parameterChanges: readonly ParameterChange[];
  policyChanges: readonly string[];
};

/** Lines that are told; a check run takes fifty annotations at once. */
const most = 50;

/**
 * Where in the files of a pull request its changed parameters and policy keys stand, and, when it edits policy, the gates
 * in force. `head` is the tree of the pull request's own commit. What cannot be found, or stands in a file that is no YAML
 * or JSON, is left out.
 */
export async function locateChanges(subject: Located, head: SourceTree): Promise<ChangedLine[]> {
  const { model, policy, configFile, parameterChanges, policyChanges } = subject;
  const find = openFinder(head);
  const found: (ChangedLine | null)[] = [];
  for (const { name, head: value } of parameterChanges) {
    if (value === null || found.length >= most) continue;
    const { file, path } = placeOf(name, policy.pipeline);
    found.push(tell('parameter', name, file, await find(file, path)));
  }
  for (const key of policyChanges) {
    if (found.length >= most) break;
    found.push(tell('policy', key, configFile, await find(configFile, ['models', model, ...key.split('.')])));
  }
  if (policyChanges.length > 0) {
    for (const gate of policy.gates) {
      const line = await find(configFile, ['models', model, 'gates'], gate);
      found.push(tell('gate', describeGate(gate).gate, configFile, line));
    }
  }
  return found.filter((line) => line !== null).slice(0, most);
}

function tell(kind: ChangedLine['kind'], name: string, file: string, line: number | null): ChangedLine | null {
  return line === null ? null : { kind, name, file, line };
}

/** `train.trees` stands in `params.yaml` beside the pipeline, `other.yaml:train.trees` in the file it names. */
function placeOf(name: string, pipeline: string): { file: string; path: string[] } {
  const named = /^([^:]+\.(?:ya?ml|json)):(.*)$/.exec(name);
  const file = named?.[1] ?? join(dirname(pipeline), 'params.yaml');
  return { file, path: (named?.[2] ?? name).split('.') };
}

type Find = (file: string, path: readonly string[], item?: unknown) => Promise<number | null>;

/** Finds the line of a key, or of an item of the list there; every file is read once. */
function openFinder(tree: SourceTree): Find {
  const read = new Map<string, Promise<ReturnType<typeof parse>>>();
  return async (file, path, item) => {
    const reading =
      read.get(file) ??
      tree.read(file).then(
        (bytes) => (bytes === null ? null : parse(new TextDecoder().decode(bytes))),
        () => null,
      );
    read.set(file, reading);
    const parsed = await reading;
    if (parsed === null || !parsed.document.hasIn(path)) return null;
    if (item === undefined) return locateNode(parsed.document, parsed.counter, path, { key: true }).line;
    const list: unknown = parsed.value === null ? null : path.reduce(memberOf, parsed.value);
    if (!Array.isArray(list)) return null;
    const at = list.findIndex((one) => isPartOf(one, item));
    return at < 0 ? null : locateNode(parsed.document, parsed.counter, [...path, at]).line;
  };
}

function parse(text: string) {
  if (text.length > longestConfig) return null;
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0) return null;
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { document, counter, value };
  } catch {
    return null;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : null;
}

/** What is written is the gate, whose defaults need not be written. */
function isPartOf(written: unknown, gate: unknown): boolean {
  if (typeof written !== 'object' || written === null || typeof gate !== 'object' || gate === null) return false;
  const entries = Object.entries(written);
  return (
    entries.length > 0 &&
    entries.every(
      ([key, value]) =>
        Object.hasOwn(gate, key) && canonicalJson({ value }) === canonicalJson({ value: Reflect.get(gate, key) }),
    )
  );
}
