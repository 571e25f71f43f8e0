import { isScalar, parseDocument } from 'yaml';
import type { Parameter } from '../contracts/run-record.ts';
import { PulltrainError } from '../errors.ts';
import type { SourceTree } from '../ports/source-tree.ts';

/**
 * The same tree with other values of parameters in its YAML and JSON files: `{ 'train.lr': 0.1 }` is of `params.yaml`,
 * `{ 'conf/model.yaml:depth': 4 }` of that file. Reading a file whose parameter is not there throws `parameter-unknown`.
 */
export function overrideParameters(tree: SourceTree, overrides: Readonly<Record<string, Parameter>>): SourceTree {
  const byFile = Map.groupBy(Object.entries(overrides), ([name]) => splitName(name).file);
  if (byFile.size === 0) return tree;
  return {
    list: tree.list,
    async read(path) {
      const bytes = await tree.read(path);
      const own = byFile.get(path);
      if (own === undefined || bytes === null) return bytes;
      const values = Object.fromEntries(own.map(([name, value]) => [splitName(name).name, value]));
      return new TextEncoder().encode(setParameters(new TextDecoder().decode(bytes), values, path));
    },
  };
}

/** File and dotted name of a parameter as people write it; without a file it is of `params.yaml`. */
export function splitName(name: string): { file: string; name: string } {
  const colon = name.lastIndexOf(':');
  return colon < 0 ? { file: 'params.yaml', name } : { file: name.slice(0, colon), name: name.slice(colon + 1) };
}

/**
 * The text of a YAML or JSON file with other values at dotted names; comments and order stay. Throws `parameter-unknown`
 * for a name that is not there, since no stage would read it.
 */
export function setParameters(text: string, values: Readonly<Record<string, Parameter>>, file: string): string {
  if (/\.(toml|py)$/.test(file)) {
    throw new PulltrainError('parameters-invalid', {
      what: 'parameters can be set in YAML and JSON files',
      where: file,
      cure: 'Keep what you vary in params.yaml.',
    });
  }
  const document = parseDocument(text);
  for (const [name, value] of Object.entries(values)) {
    const steps = name.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    const node = document.getIn(steps, true);
    if (node === undefined) {
      throw new PulltrainError('parameter-unknown', {
        what: `there is no parameter "${name}"`,
        where: file,
        cure: 'Add it to the file first, so that the stages read it.',
      });
    }
    if (isScalar(node) && (typeof value !== 'object' || value === null)) node.value = value;
    else document.setIn(steps, value);
  }
  return file.endsWith('.json') ? `${JSON.stringify(document.toJS(), null, 2)}\n` : String(document);
}
