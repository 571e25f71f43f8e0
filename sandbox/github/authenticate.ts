import { type Actor, ApiError, type Permissions, type Role } from './kernel.ts';
import { findRole, permissionsOfRole } from './permissions.ts';
import type { Credential, Repository, State } from './records.ts';
import { verifyAppJwt } from './verify-app-jwt.ts';

/** The login and id GitHub Actions acts under. */
export const ACTIONS_APP = { appId: 15368, slug: 'github-actions', login: 'github-actions[bot]', id: 41898282 };

export type Caller = {
  actor: Actor | null;
  /** Null for strangers and for App JWTs. */
  credential: Credential | null;
  /** True when an App speaks for itself and not for an installation. */
  jwt: boolean;
  token: string | null;
};

const STRANGER: Caller = { actor: null, credential: null, jwt: false, token: null };

/** Who sent a request, from its Authorization header; throws 401 for a credential nobody issued. */
export function authenticate(state: State, header: string | undefined, now: Date): Caller {
  const token = readToken(header);
  if (token === null) return STRANGER;
  if (token.split('.').length === 3) {
    const app = verifyAppJwt(state, token, now);
    if (app === null) throw new ApiError(401, 'A JSON web token could not be decoded');
    return { actor: appActor(app), credential: null, jwt: true, token };
  }
  const credential = state.credentials.get(token);
  const actor = credential === undefined ? null : credentialActor(state, credential, now);
  if (credential === undefined || actor === null) throw new ApiError(401, 'Bad credentials');
  return { actor, credential, jwt: false, token };
}

function readToken(header: string | undefined): string | null {
  const [scheme = '', value = ''] = (header ?? '').trim().split(/\s+/, 2);
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return null;
  const [user = '', ...password] = Buffer.from(value, 'base64').toString().split(':');
  // Git clients put the token in either half.
  return password.join(':') || user || null;
}

function credentialActor(state: State, credential: Credential, now: Date): Actor | null {
  if (credential.kind === 'user') {
    const account = state.accounts.get(credential.login.toLowerCase());
    return account === undefined ? null : { kind: 'user', login: account.login, id: account.id };
  }
  if (credential.kind === 'job') {
    const { login, id } = ACTIONS_APP;
    return { kind: 'job', login, id, runId: credential.runId, jobId: credential.jobId };
  }
  const app = state.apps.get(state.installations.get(credential.installationId)?.appId ?? -1);
  return app === undefined || credential.expiresAt < now.getTime() ? null : appActor(app);
}

export function appActor(app: { id: number; slug: string; botId: number }): Actor {
  return { kind: 'app', login: `${app.slug}[bot]`, id: app.botId, appId: app.id, slug: app.slug };
}

/** What a caller may do in one repository. A token of another repository reads a public one like a stranger. */
export function permissionsIn(
  state: State,
  caller: Caller,
  repository: Repository,
): { permissions: Permissions; role: Role | null } {
  const { credential, actor } = caller;
  if (credential?.kind === 'user' && actor !== null) {
    const role = findRole(state, repository, actor.login);
    return { permissions: permissionsOfRole(role, repository), role };
  }
  const own =
    (credential?.kind === 'job' && credential.repositoryId === repository.id) ||
    (credential?.kind === 'installation' && credential.repositoryIds.has(repository.id));
  if (own) return { permissions: { ...credential.permissions, metadata: 'read' }, role: null };
  return { permissions: permissionsOfRole(null, repository), role: null };
}
