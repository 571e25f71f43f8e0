import { pointerPath } from '../contracts/pointer.ts';
import type { Source } from '../contracts/run-record.ts';
import { parsePointer } from '../data/parse-pointer.ts';
import { integrityOf, integrityOfDocument } from '../integrity.ts';
import type { SourceTree } from '../ports/source-tree.ts';

const pointerEnding = pointerPath('');

/**
 * What a dependency that no stage makes is, by content: a pointer's integrity where there is one, else the integrity of
 * the file, else, for a folder, that of its canonical list of `path: integrity`. A pointer beats a file of the same name,
 * so that a pulled dataset changes nothing. Null when there is nothing at that path.
 */
export async function identifyDependency(
  tree: SourceTree,
  path: string,
  skip: (path: string) => boolean,
): Promise<{ integrity: string; sources: Source[] } | null> {
  const file = await identifyFile(tree, path);
  if (file !== null) return { integrity: file.integrity, sources: [file] };
  const listed = await tree.list(path);
  const names = listed.map((one) => (one.endsWith(pointerEnding) ? one.slice(0, -pointerEnding.length) : one));
  const sources: Source[] = [];
  for (const name of [...new Set(names)].sort()) {
    const source = skip(name) ? null : await identifyFile(tree, name);
    if (source !== null) sources.push(source);
  }
  if (sources.length === 0) return null;
  const from = path === '' ? 0 : path.length + 1;
  const contents = Object.fromEntries(sources.map((source) => [source.path.slice(from), source.integrity]));
  return { integrity: integrityOfDocument(contents), sources };
}

async function identifyFile(tree: SourceTree, path: string): Promise<Source | null> {
  if (path === '') return null;
  const pointer = await tree.read(pointerPath(path));
  if (pointer !== null) {
    const { type, integrity } = parsePointer(new TextDecoder().decode(pointer), pointerPath(path));
    return { path, integrity, origin: 'pointer', ...(type === 'directory' ? { type } : {}) };
  }
  const bytes = await tree.read(path);
  return bytes === null ? null : { path, integrity: integrityOf(bytes), origin: 'git' };
}
