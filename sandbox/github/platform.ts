import { ApiError, type Kernel, type RepositoryName, type RouteContext } from './kernel.ts';
import type { Account, Repository, State } from './records.ts';

/** What the routes work with: the public kernel, the records behind it and a few ways to find them. */
export type Platform = {
  kernel: Kernel;
  state: State;
  /** Where release assets are kept. */
  assetDirectory: string;
  gitRoot: string;
  /** ISO 8601 in whole seconds. */
  timestamp(): string;
  /** Throws 404 when there is none. */
  repository(name: RepositoryName): Repository;
  account(login: string): Account | null;
};

/** The repository a request is about; the mount has already refused those that the caller may not see. */
export function requireRepository(platform: Platform, context: RouteContext): Repository {
  if (context.repository === null) throw new ApiError(404, 'Not Found');
  return platform.repository(context.repository);
}

export function repositoryKey({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`.toLowerCase();
}
