import { pointerPath } from '../contracts/pointer.ts';
import type { Source } from '../contracts/run-record.ts';
import type { DvcOut } from '../data/dvc/dvc-out.ts';
import { dvcSource, findDvcOutAround, readDvcOutOf, readDvcOutsOf } from '../data/dvc/find-dvc-out.ts';
import { parsePointer } from '../data/parse-pointer.ts';
import { integrityOf, integrityOfDocument } from '../integrity.ts';
import type { SourceTree } from '../ports/source-tree.ts';

const pointerEnding = pointerPath('');
/** Characters of what a pointer says of its origin that a record repeats. */
const longestOrigin = 1000;

/**
 * What a dependency that no stage makes is, by content: a pointer's integrity where there is one, else the MD5 of a `.dvc`
 * file, else the integrity of the file, else, for a folder, that of its canonical list of `path: integrity`. A pointer beats
 * a file of the same name, so that a pulled dataset changes nothing, and a path within a folder of DVC counts by all of it.
 * Null when there is nothing at that path.
 */
export async function identifyDependency(
  tree: SourceTree,
  path: string,
  skip: (path: string) => boolean,
): Promise<{ integrity: string; sources: Source[] } | null> {
  const file = await identifyFile(tree, path);
  if (file !== null) return { integrity: file.integrity, sources: [file] };
  const listed = await tree.list(path);
  const isDvc = (one: string) => one.endsWith('.dvc');
  const kept = new Map<string, DvcOut>();
  for (const one of listed.filter(isDvc)) for (const out of await readDvcOutsOf(tree, one)) kept.set(out.path, out);
  const pointed = listed.filter((one) => one.endsWith(pointerEnding)).map((one) => one.slice(0, -pointerEnding.length));
  for (const name of pointed) kept.delete(name);
  const plain = listed.filter((one) => !isDvc(one) && !one.endsWith(pointerEnding));
  const sources: Source[] = [];
  for (const name of [...new Set([...pointed, ...plain, ...kept.keys()])].sort()) {
    const out = kept.get(name);
    const source = skip(name) ? null : out === undefined ? await identifyFile(tree, name) : dvcSource(out);
    if (source !== null) sources.push(source);
  }
  if (sources.length === 0) {
    const around = await findFolderAround(tree, path);
    if (around !== null) return { integrity: around.integrity, sources: [around] };
    const out = await findDvcOutAround(tree, path);
    return out === null ? null : { integrity: dvcSource(out).integrity, sources: [dvcSource(out)] };
  }
  const from = path === '' ? 0 : path.length + 1;
  const contents = Object.fromEntries(sources.map((source) => [source.path.slice(from), source.integrity]));
  return { integrity: integrityOfDocument(contents), sources };
}

/** The directory with a pointer that a path lies in: what is in it is known by all of it. */
async function findFolderAround(tree: SourceTree, path: string): Promise<Source | null> {
  const parts = path.split('/');
  for (let length = parts.length - 1; length > 0; length -= 1) {
    const folder = parts.slice(0, length).join('/');
    if ((await tree.read(pointerPath(folder))) === null) continue;
    const source = await identifyFile(tree, folder);
    if (source?.type === 'directory') return source;
  }
  return null;
}

async function identifyFile(tree: SourceTree, path: string): Promise<Source | null> {
  if (path === '') return null;
  const pointer = await tree.read(pointerPath(path));
  if (pointer !== null) {
    const { type, integrity, source, licence, madeBy } = parsePointer(
      new TextDecoder().decode(pointer),
      pointerPath(path),
    );
    return {
      path,
      integrity,
      origin: 'pointer',
      ...(type === 'directory' ? { type } : {}),
      ...(source === undefined ? {} : { source: source.slice(0, longestOrigin) }),
      ...(licence === undefined ? {} : { licence: licence.slice(0, longestOrigin) }),
      ...(madeBy === undefined ? {} : { madeBy }),
    };
  }
  const out = await readDvcOutOf(tree, path);
  if (out !== null) return dvcSource(out);
  const bytes = await tree.read(path);
  return bytes === null ? null : { path, integrity: integrityOf(bytes), origin: 'git' };
}
