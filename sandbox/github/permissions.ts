import type { Actor, Permissions, Role } from './kernel.ts';
import type { Repository, State } from './records.ts';

const READ: Permissions = {
  metadata: 'read',
  contents: 'read',
  issues: 'read',
  pull_requests: 'read',
  checks: 'read',
  statuses: 'read',
  deployments: 'read',
  actions: 'read',
};

/** Anyone signed in may open issues and comment; the handlers refuse what needs more. */
const TALK: Permissions = { ...READ, issues: 'write', pull_requests: 'write' };
const WRITE: Permissions = {
  ...TALK,
  contents: 'write',
  statuses: 'write',
  deployments: 'write',
  actions: 'write',
  workflows: 'write',
};

const BY_ROLE: Record<Role, Permissions> = {
  read: TALK,
  triage: TALK,
  write: WRITE,
  maintain: WRITE,
  admin: { ...WRITE, administration: 'write', environments: 'write', secrets: 'write' },
};

const ORDER: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin'];

/** True when a role is at least another one. */
export function hasRole(role: Role | null, least: Role): boolean {
  return role !== null && ORDER.indexOf(role) >= ORDER.indexOf(least);
}

/** The role of a person in a repository; null for a stranger to a private one. */
export function findRole(state: State, repository: Repository, login: string): Role | null {
  const owner = state.accounts.get(repository.owner.toLowerCase());
  if (repository.owner.toLowerCase() === login.toLowerCase()) return 'admin';
  if (owner?.owners.has(login.toLowerCase())) return 'admin';
  return repository.collaborators.get(login.toLowerCase()) ?? (repository.private ? null : 'read');
}

/** Permissions of a person, or of a stranger when the role is null and the repository public. */
export function permissionsOfRole(role: Role | null, repository: Repository): Permissions {
  if (role !== null) return BY_ROLE[role];
  return repository.private ? {} : READ;
}

export function allows(permissions: Permissions, permission: string, access: 'read' | 'write'): boolean {
  const held = permissions[permission] ?? 'none';
  return held === 'write' || held === access;
}

/** The sentence GitHub refuses with, which depends on who asks and for what. */
export function refusal(actor: Actor | null, permission: string): string {
  if (actor === null) return 'Requires authentication';
  if (actor.kind !== 'user') return 'Resource not accessible by integration';
  if (permission === 'checks') return 'You must authenticate via a GitHub App.';
  if (permission === 'administration') return 'Must have admin rights to Repository.';
  return 'Must have push access to repository';
}
