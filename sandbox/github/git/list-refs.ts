import type { GitStore } from './open-git-store.ts';

/** Refs whose full name starts with `prefix` (not only whole folders), by name. */
export async function listRefs(git: GitStore, prefix: string): Promise<{ ref: string; oid: string; type: string }[]> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const { stdout } = await git.run(['for-each-ref', '--format=%(objectname) %(objecttype) %(refname)', folder]);
  return stdout
    .toString()
    .split('\n')
    .map((line) => /^([0-9a-f]{40}) (\w+) (.+)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, oid = '', type = '', ref = '']) => ({ ref, oid, type }))
    .filter(({ ref }) => ref.startsWith(prefix));
}
