import { formatTag } from '../../pipelines/registry/format-tag.ts';
import type { GitHub } from '../github/client.ts';

/** Tags of a model's releases with the commits they name. One call, whatever else the repository has. */
export async function listReleaseTags(
  github: GitHub,
  { owner, repo, model }: { owner: string; repo: string; model: string },
): Promise<{ tag: string; commit: string }[]> {
  const { data } = await github.rest.git.listMatchingRefs({ owner, repo, ref: `tags/${formatTag(model, '')}` });
  // Releases make lightweight tags, which name the commit itself.
  return data
    .filter(({ object }) => object.type === 'commit')
    .map(({ ref, object }) => ({ tag: ref.replace(/^refs\/tags\//, ''), commit: object.sha }));
}
