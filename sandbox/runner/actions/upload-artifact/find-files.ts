import { globSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

export type FoundFile = { file: string; name: string };

/**
 * The files that lines of paths, folders and patterns name, with their names in the artifact: relative to the folder
 * all lines have in common, so that one folder's content lies at the top. Links are left out.
 */
export function findFiles(workspace: string, lines: readonly string[], includeHidden: boolean): FoundFile[] {
  const wanted = lines.filter((line) => !line.startsWith('!'));
  const unwanted = lines.filter((line) => line.startsWith('!')).flatMap((line) => expand(workspace, line.slice(1)));
  const searches = wanted.map((line) => ({ root: searchRoot(workspace, line), files: expand(workspace, line) }));
  const files = [...new Set(searches.flatMap((search) => search.files))].filter((file) => !unwanted.includes(file));
  const single = wanted.length === 1 && files.length === 1 && files[0] === searches[0]?.root;
  const root = single ? dirname(files[0] ?? '') : commonFolder(searches.map((search) => search.root));
  return files
    .map((file) => ({ file, name: relative(root, file).split(sep).join('/') }))
    .filter(({ name }) => includeHidden || !name.split('/').some((part) => part.startsWith('.')))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
}

function expand(workspace: string, line: string): string[] {
  const matches = isPattern(line) ? globSync(line, { cwd: workspace }) : [line];
  return matches.flatMap((match) => filesBelow(resolve(workspace, match)));
}

function filesBelow(path: string): string[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  return readdirSync(path).flatMap((name) => filesBelow(join(path, name)));
}

/** The part of a line before its first wildcard. */
function searchRoot(workspace: string, line: string): string {
  const parts = line.split('/');
  const fixed = parts.slice(0, parts.findIndex(isPattern) < 0 ? parts.length : parts.findIndex(isPattern));
  return resolve(workspace, fixed.join('/') || (line.startsWith('/') ? '/' : '.'));
}

function commonFolder(roots: readonly string[]): string {
  const [first = '/', ...others] = roots.map((root) =>
    roots.length > 1 && lstatSync(root, { throwIfNoEntry: false })?.isFile() ? dirname(root) : root,
  );
  return others.reduce((common, root) => {
    let folder = common;
    while (root !== folder && !root.startsWith(folder === '/' ? '/' : folder + sep)) folder = dirname(folder);
    return folder;
  }, first);
}

function isPattern(text: string): boolean {
  return /[*?[{]/.test(text);
}
