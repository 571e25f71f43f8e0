import { z } from 'zod';
import { type Api, gatherList, gatherMaybe } from '../github/gather.ts';
import { gatherRepository, type RepositoryView } from '../github/gather-repository.ts';
import { splitRef } from './split-ref.ts';

/** A place in a repository's files: which ref, which path, and the refs one can switch to. */
export type TreeView = {
  view: RepositoryView;
  repository: string;
  ref: string;
  path: string;
  branches: string[];
  tags: string[];
};

/** `rest` is what follows `/tree/` or `/blob/`; empty means the default branch. */
export async function gatherTree(api: Api, owner: string, name: string, rest: string): Promise<TreeView> {
  const view = await gatherRepository(api, owner, name);
  const repository = view.repository.full_name;
  const path = `/repos/${repository}`;
  const [branches, refs] = await Promise.all([
    gatherList(api, `${path}/branches`, z.array(z.object({ name: z.string() })), (page) =>
      page.map(({ name }) => name),
    ),
    gatherMaybe(api, `${path}/git/matching-refs/tags/`, z.array(z.object({ ref: z.string() }))),
  ]);
  const tags = (refs ?? []).map(({ ref }) => ref.replace('refs/tags/', ''));
  const place = splitRef(rest === '' ? view.repository.default_branch : rest, [...branches, ...tags]);
  return { view, repository, ...place, branches, tags };
}

/** Path of the contents API for a place. */
export function contentsPath({ repository, ref }: TreeView, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `/repos/${repository}/contents/${encoded}?ref=${encodeURIComponent(ref)}`;
}
