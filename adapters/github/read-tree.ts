import type { GitHub } from './client.ts';
import type { Place } from './is-written-by.ts';

/** Every file of one commit or tree by path, or null when GitHub will not list so many. One call. */
export async function readTree(
  github: GitHub,
  { owner, repo }: Place,
  sha: string,
): Promise<Map<string, { sha: string; mode: string }> | null> {
  const { data } = await github.rest.git.getTree({ owner, repo, tree_sha: sha, recursive: 'true' });
  if (data.truncated) return null;
  const files = data.tree.filter(({ type }) => type !== 'tree');
  return new Map(files.map(({ path, sha: blob, mode }) => [path, { sha: blob, mode }]));
}
