import { z } from 'zod';
import { type Api, gatherList } from '../github/gather.ts';
import { type Repository, repositoryShape, type User } from '../github/shapes.ts';

/** The repositories of an organisation or a person; Apps own none. */
export async function gatherOwned(api: Api, { login, type }: User): Promise<Repository[]> {
  if (type === 'Bot') return [];
  const kind = type === 'Organization' ? 'orgs' : 'users';
  return gatherList(api, `/${kind}/${encodeURIComponent(login)}/repos`, z.array(repositoryShape), (page) => page);
}
