import { z } from 'zod';
import { type Api, gatherList } from '../github/gather.ts';
import { gatherRepository, type RepositoryView } from '../github/gather-repository.ts';
import { type Ref, refShape } from '../github/shapes.ts';
import { splitRef } from './split-ref.ts';

/** A place in a repository's files: which ref, which path, and the refs one can switch to. */
export type TreeView = {
  view: RepositoryView;
  repository: string;
  ref: string;
  path: string;
  branches: Ref[];
  tags: Ref[];
};

/** `rest` is what follows `/tree/` or `/blob/`; empty means the default branch. */
export async function gatherTree(api: Api, owner: string, name: string, rest: string): Promise<TreeView> {
  const view = await gatherRepository(api, owner, name);
  const repository = view.repository.full_name;
  const [branches, tags] = await Promise.all(
    ['branches', 'tags'].map((kind) =>
      gatherList(api, `/repos/${repository}/${kind}`, z.array(refShape), (page) => page),
    ),
  );
  const refs = [...(branches ?? []), ...(tags ?? [])].map((item) => item.name);
  const place = splitRef(rest === '' ? view.repository.default_branch : rest, refs);
  return { view, repository, ...place, branches: branches ?? [], tags: tags ?? [] };
}

/** Path of the contents API for a place. */
export function contentsPath({ repository, ref }: TreeView, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/repos/${repository}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
}
