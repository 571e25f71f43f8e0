import { join } from 'node:path';
import { createGitStore } from './git/open-git-store.ts';
import { ApiError } from './kernel.ts';
import { type Platform, repositoryKey } from './platform.ts';
import type { Repository } from './records.ts';

export type NewRepository = {
  owner: string;
  name: string;
  description: string | null;
  private: boolean;
  deleteBranchOnMerge: boolean;
};

const DEFAULT_LABELS = [
  ['bug', 'd73a4a', "Something isn't working"],
  ['documentation', '0075ca', 'Improvements or additions to documentation'],
  ['enhancement', 'a2eeef', 'New feature or request'],
] as const;

/** Creates a repository and its empty git store; 422 when the name is taken. */
export async function createRepository(platform: Platform, wanted: NewRepository): Promise<Repository> {
  const { state, kernel } = platform;
  const key = repositoryKey(wanted);
  if (state.repositories.has(key)) {
    throw new ApiError(422, 'Repository creation failed.', [
      { resource: 'Repository', code: 'custom', field: 'name', message: 'name already exists on this account' },
    ]);
  }
  const git = await createGitStore(join(platform.gitRoot, wanted.owner, `${wanted.name}.git`), 'main');
  const time = platform.timestamp();
  const repository: Repository = {
    ...wanted,
    id: kernel.nextId(),
    defaultBranch: 'main',
    createdAt: time,
    updatedAt: time,
    pushedAt: time,
    git,
    collaborators: new Map(),
    labels: new Map(),
    issues: new Map(),
    lastNumber: 0,
    comments: new Map(),
    checkSuites: new Map(),
    checkRuns: new Map(),
    statuses: [],
    releases: new Map(),
    immutableReleases: true,
    burnedTags: new Set(),
    deployments: new Map(),
    environments: new Map(),
    protections: new Map(),
    secrets: new Map(),
    variables: new Map(),
  };
  for (const [name, color, description] of DEFAULT_LABELS) {
    repository.labels.set(name, { id: kernel.nextId(), name, color, description });
  }
  state.repositories.set(key, repository);
  return repository;
}
