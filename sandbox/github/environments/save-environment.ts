import type { Platform } from '../platform.ts';
import type { Environment, Repository } from '../records.ts';

/** The environment of that name, made open to every branch when there is none. */
export function saveEnvironment(platform: Platform, repository: Repository, name: string): Environment {
  const known = repository.environments.get(name.toLowerCase());
  if (known !== undefined) return known;
  const time = platform.timestamp();
  const environment: Environment = {
    id: platform.kernel.nextId(),
    name,
    branchPolicy: 'all',
    branches: [],
    secrets: new Map(),
    variables: new Map(),
    createdAt: time,
    updatedAt: time,
  };
  repository.environments.set(name.toLowerCase(), environment);
  return environment;
}
