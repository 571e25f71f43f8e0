import type { GitStore } from './open-git-store.ts';

/** `mode` is git's octal text without leading zeros beyond its own, e.g. `100644`, `40000`. */
export type TreeEntry = { mode: string; name: string; oid: string };

/** A file to put at a path, or with `entry` null one to take away. */
export type TreeChange = { path: string; entry: { mode: string; oid: string } | null };

/** Entries of one tree; null when the revision is no tree. */
export async function readTree(git: GitStore, revision: string): Promise<TreeEntry[] | null> {
  const object = await git.read(revision);
  return object?.type === 'tree' ? parseTree(object.bytes) : null;
}

function parseTree(bytes: Buffer): TreeEntry[] {
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(32, at);
    const end = bytes.indexOf(0, space);
    entries.push({
      mode: bytes.subarray(at, space).toString(),
      name: bytes.subarray(space + 1, end).toString(),
      oid: bytes.subarray(end + 1, end + 21).toString('hex'),
    });
    at = end + 21;
  }
  return entries;
}

/** Applies changes to a tree (null: an empty one), folder by folder, and returns the new tree's object id. */
export async function changeTree(git: GitStore, base: string | null, changes: readonly TreeChange[]): Promise<string> {
  const entries = new Map<string, TreeEntry>();
  for (const entry of base === null ? [] : ((await readTree(git, base)) ?? [])) entries.set(entry.name, entry);
  const folders = new Map<string, TreeChange[]>();
  for (const change of changes) {
    const slash = change.path.indexOf('/');
    if (slash < 0) {
      if (change.entry === null) entries.delete(change.path);
      else entries.set(change.path, { name: change.path, ...change.entry });
      continue;
    }
    const folder = change.path.slice(0, slash);
    const inner = folders.get(folder) ?? [];
    inner.push({ path: change.path.slice(slash + 1), entry: change.entry });
    folders.set(folder, inner);
  }
  for (const [name, inner] of folders) {
    const current = entries.get(name);
    const oid = await changeTree(git, current?.mode === '40000' ? current.oid : null, inner);
    if ((await readTree(git, oid))?.length === 0) entries.delete(name);
    else entries.set(name, { mode: '40000', name, oid });
  }
  return git.write('tree', formatTree([...entries.values()]));
}

function formatTree(entries: readonly TreeEntry[]): Buffer {
  // Git sorts by bytes, and a folder as if its name ended in a slash.
  const key = (entry: TreeEntry): Buffer => Buffer.from(entry.mode === '40000' ? `${entry.name}/` : entry.name);
  const sorted = entries.toSorted((a, b) => Buffer.compare(key(a), key(b)));
  return Buffer.concat(
    sorted.flatMap((entry) => [Buffer.from(`${entry.mode} ${entry.name}\0`), Buffer.from(entry.oid, 'hex')]),
  );
}

export type TreeListing = { path: string; mode: string; oid: string; size: number | null };

/** Every entry below a tree with its path, depth first; `recursive` false lists one level. Only blobs have a size. */
export async function listTree(git: GitStore, oid: string, recursive: boolean, prefix = ''): Promise<TreeListing[]> {
  const entries = (await readTree(git, oid)) ?? [];
  const nested = await Promise.all(
    entries.map(async (entry) => {
      const path = `${prefix}${entry.name}`;
      const isTree = entry.mode === '40000';
      const info = isTree || entry.mode === '160000' ? null : await git.info(entry.oid);
      const own = { path, mode: entry.mode.padStart(6, '0'), oid: entry.oid, size: info?.size ?? null };
      return isTree && recursive ? [own, ...(await listTree(git, entry.oid, true, `${path}/`))] : [own];
    }),
  );
  return nested.flat();
}
