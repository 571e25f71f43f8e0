import type { Actor } from '../kernel.ts';
import type { Account } from '../records.ts';

/** GitHub's opaque id of anything. */
export function nodeId(type: string, id: number): string {
  return Buffer.from(`${type}:${id}`).toString('base64');
}

/** A user, bot or organisation as it stands inside other objects. */
export function simpleUser(
  url: string,
  { login, id, type }: { login: string; id: number; type: Account['type'] },
): Record<string, unknown> {
  const api = `${url}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${url}/avatars/${id}`,
    gravatar_id: '',
    url: api,
    html_url: type === 'Bot' ? `${url}/apps/${login.replace('[bot]', '')}` : `${url}/${login}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type,
    user_view_type: 'public',
    site_admin: false,
  };
}

export function actorUser(url: string, actor: Actor): Record<string, unknown> {
  return simpleUser(url, { login: actor.login, id: actor.id, type: actor.kind === 'user' ? 'User' : 'Bot' });
}

/** The whole public profile. */
export function fullUser(url: string, account: Account, repositories: number): Record<string, unknown> {
  return {
    ...simpleUser(url, account),
    name: account.name,
    company: null,
    blog: '',
    location: null,
    email: account.type === 'User' ? account.email : null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: repositories,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}
