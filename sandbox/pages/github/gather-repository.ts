import { z } from 'zod';
import { type Api, gatherList, gatherOne } from './gather.ts';
import { issueShape, type Repository, repositoryShape } from './shapes.ts';

/** What every page of a repository shows around its own content. */
export type RepositoryView = { repository: Repository; openIssues: number; openPulls: number };

export async function gatherRepository(api: Api, owner: string, name: string): Promise<RepositoryView> {
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  const repository = await gatherOne(api, path, repositoryShape);
  // The issues list holds pull requests too, as on GitHub.
  const open = await gatherList(api, `${path}/issues?state=open`, z.array(issueShape), (page) => page);
  const openPulls = open.filter((item) => item.pull_request !== undefined && item.pull_request !== null).length;
  return { repository, openPulls, openIssues: open.length - openPulls };
}
