import { parse as parseToml } from 'smol-toml';
import { parse } from 'yaml';
import { type Parameter, parameterSchema } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import { parsePythonParameters } from './parse-python-parameters.ts';

/** Bytes; parameters come from pull requests and are read on the trusted side too. */
const largestFile = 1_048_576;

/**
 * The values of one parameter file, or null when there is none: TOML and Python by their endings, YAML 1.2 (of which JSON
 * is a part) for any other, as in DVC. Throws `parameters-invalid` for a file that does not parse, and for what is not a
 * mapping of plain values.
 */
export async function readParameters(tree: SourceTree, path: string): Promise<{ [key: string]: Parameter } | null> {
  const bytes = await tree.read(path);
  if (bytes === null) return null;
  if (bytes.length > largestFile) {
    throw new PulltrainError('parameters-invalid', { what: `longer than ${largestFile} bytes`, where: path });
  }
  const value = parameterSchema.safeParse(parseText(new TextDecoder().decode(bytes), path));
  if (!value.success || typeof value.data !== 'object' || value.data === null || Array.isArray(value.data)) {
    throw new PulltrainError('parameters-invalid', {
      what: 'expected a mapping of names to plain values',
      where: path,
    });
  }
  return value.data;
}

export type ParameterReader = (path: string) => Promise<{ [key: string]: Parameter } | null>;

/** `readParameters` that reads each file once. */
export function rememberParameters(tree: SourceTree): ParameterReader {
  const known = new Map<string, ReturnType<ParameterReader>>();
  return (path) => {
    const reading = known.get(path) ?? readParameters(tree, path);
    known.set(path, reading);
    return reading;
  };
}

function parseText(text: string, path: string): unknown {
  try {
    if (path.endsWith('.py')) return refuseDeep(parsePythonParameters(text));
    if (path.endsWith('.toml')) return refuseDeep(parseToml(text));
    return parse(text, refusePrototype, { maxAliasCount: 100 }) ?? {};
  } catch (cause) {
    throw new PulltrainError('parameters-invalid', {
      what: cause instanceof Error ? cause.message : String(cause),
      where: path,
    });
  }
}

/** This one name would vanish on the way, and a value that is read but not counted would not change the key. */
function refusePrototype(key: unknown, value: unknown): unknown {
  if (key === '__proto__') throw new Error('a parameter cannot be named __proto__');
  return value;
}

/** TOML has instants, which count as the text they are written as. */
function refuseDeep(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, refusePrototype));
}

/** Dotted names of all leaves below a value; a list is one leaf. */
export function flattenParameters(name: string, value: Parameter): [string, Parameter][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flattenParameters(name === '' || name.endsWith(':') ? `${name}${key}` : `${name}.${key}`, inner),
  );
}
