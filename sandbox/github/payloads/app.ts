import { ACTIONS_APP } from '../authenticate.ts';
import type { Actor } from '../kernel.ts';
import type { Platform } from '../platform.ts';
import type { App, Installation } from '../records.ts';
import { nodeId, simpleUser } from './account.ts';

/** An App as it stands on check runs, comments and at `GET /app`. */
export function appPayload({ kernel, state }: Platform, app: App): Record<string, unknown> {
  const owner = { login: app.slug, id: app.botId, type: 'Organization' as const };
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('App', app.id),
    client_id: app.clientId,
    owner: simpleUser(kernel.url, owner),
    name: app.name,
    description: null,
    external_url: kernel.url,
    html_url: `${kernel.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
    installations_count: [...state.installations.values()].filter(({ appId }) => appId === app.id).length,
  };
}

/** The App through which someone acted: its own, `github-actions` for a job, none for a person. */
export function actorAppId(actor: Actor): number | null {
  if (actor.kind === 'user') return null;
  return actor.kind === 'job' ? ACTIONS_APP.appId : actor.appId;
}

export function actorApp(platform: Platform, actor: Actor): Record<string, unknown> | null {
  const app = platform.state.apps.get(actorAppId(actor) ?? -1);
  return app === undefined ? null : appPayload(platform, app);
}

export function installationPayload({ kernel, state }: Platform, installation: Installation): Record<string, unknown> {
  const app = state.apps.get(installation.appId);
  const account = state.accounts.get(installation.account.toLowerCase());
  return {
    id: installation.id,
    account: account === undefined ? null : simpleUser(kernel.url, account),
    repository_selection: 'selected',
    access_tokens_url: `${kernel.url}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${kernel.url}/installation/repositories`,
    html_url: `${kernel.url}/settings/installations/${installation.id}`,
    app_id: installation.appId,
    client_id: app?.clientId ?? '',
    target_id: account?.id ?? 0,
    target_type: account?.type ?? 'User',
    permissions: app?.permissions ?? {},
    events: app?.events ?? [],
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    app_slug: app?.slug ?? '',
    suspended_by: null,
    suspended_at: null,
  };
}
