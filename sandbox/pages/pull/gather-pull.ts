import { z } from 'zod';
import { type CheckRow, gatherChecks } from '../checks/gather-checks.ts';
import { type Api, gatherList, gatherOne } from '../github/gather.ts';
import { gatherRepository, type RepositoryView } from '../github/gather-repository.ts';
import { type Commit, commitShape, type Pull, pullShape } from '../github/shapes.ts';

/** What all four tabs of a pull request show. */
export type PullView = {
  view: RepositoryView;
  repository: string;
  pull: Pull;
  commits: Commit[];
  checks: CheckRow[];
  /** Number of files changed; null when the API does not say. */
  changedFiles: number | null;
};

export async function gatherPull(api: Api, owner: string, name: string, number: string): Promise<PullView> {
  const view = await gatherRepository(api, owner, name);
  const repository = view.repository.full_name;
  const path = `/repos/${repository}/pulls/${encodeURIComponent(number)}`;
  const shape = pullShape.extend({ changed_files: z.number().nullish() });
  const pull = await gatherOne(api, path, shape);
  const [commits, checks] = await Promise.all([
    gatherList(api, `${path}/commits`, z.array(commitShape), (page) => page),
    gatherChecks(api, repository, pull.head.sha, pull.base.ref),
  ]);
  // What a branch demands today says nothing about a pull request that has ended.
  const shown = pull.state === 'open' ? checks : checks.filter((check) => check.status !== 'expected');
  return { view, repository, pull, commits, checks: shown, changedFiles: pull.changed_files ?? null };
}
