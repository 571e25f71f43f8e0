import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { saveEnvironment } from './environments/save-environment.ts';
import { ApiError, type Permissions, type RepositoryName, type Role } from './kernel.ts';
import type { Platform } from './platform.ts';
import type { Account, Repository } from './records.ts';

/** What happens outside GitHub's REST: accounts, Apps and secrets are made in its settings pages. */
export type Seed = {
  addUser(user: { login: string; name: string; email?: string }): { id: number; token: string };
  /** Owners are administrators of every repository of the organisation. */
  addOrganization(login: string, owners: readonly string[]): { id: number };
  addApp(app: {
    slug: string;
    name: string;
    webhookUrl: string | null;
    webhookSecret: string;
    permissions: Permissions;
    events: readonly string[];
  }): { appId: number; clientId: string; privateKey: string };
  /** Installs an App on one repository more; the installation belongs to the repository's owner. */
  installApp(appId: number, repository: RepositoryName): { installationId: number };
  /** Where the App wants its webhooks from now on. */
  setWebhook(appId: number, url: string): void;
  addCollaborator(repository: RepositoryName, login: string, role: Role): void;
  /** Releases published from now on freeze, or not. They do unless told otherwise. */
  setImmutableReleases(repository: RepositoryName, on: boolean): void;
  /** With an environment, which is made when there is none, the secret belongs to it alone. */
  setSecret(repository: RepositoryName, name: string, value: string, environment?: string): void;
  setVariable(repository: RepositoryName, name: string, value: string, environment?: string): void;
};

export function createSeed(platform: Platform): Seed {
  const { state, kernel } = platform;

  function addAccount(account: Pick<Account, 'login' | 'name' | 'type'>, email?: string): Account {
    const id = kernel.nextId();
    const whole: Account = {
      ...account,
      id,
      email: email ?? `${id}+${account.login}@users.noreply.github.com`,
      owners: new Set(),
      createdAt: platform.timestamp(),
    };
    state.accounts.set(account.login.toLowerCase(), whole);
    return whole;
  }

  function holder(repository: Repository, environment: string | undefined) {
    return environment === undefined ? repository : saveEnvironment(platform, repository, environment);
  }

  return {
    addUser({ login, name, email }) {
      const account = addAccount({ login, name, type: 'User' }, email);
      const token = `ghp_${randomBytes(18).toString('hex')}`;
      state.credentials.set(token, { kind: 'user', login: account.login });
      return { id: account.id, token };
    },
    addOrganization(login, owners) {
      const account = addAccount({ login, name: login, type: 'Organization' });
      for (const owner of owners) account.owners.add(owner.toLowerCase());
      return { id: account.id };
    },
    addApp({ slug, name, webhookUrl, webhookSecret, permissions, events }) {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
      const bot = addAccount({ login: `${slug}[bot]`, name: `${slug}[bot]`, type: 'Bot' });
      const id = kernel.nextId();
      const clientId = `Iv1.${randomBytes(8).toString('hex')}`;
      state.apps.set(id, {
        id,
        slug,
        name,
        clientId,
        botId: bot.id,
        publicKey: createPublicKey(pem),
        webhookUrl,
        webhookSecret,
        permissions: { ...permissions, metadata: 'read' },
        events: [...events],
        createdAt: platform.timestamp(),
      });
      return { appId: id, clientId, privateKey: pem };
    },
    installApp(appId, name) {
      const repository = platform.repository(name);
      if (!state.apps.has(appId)) throw new ApiError(404, 'Not Found');
      const known = [...state.installations.values()].find(
        (one) => one.appId === appId && one.account === repository.owner,
      );
      const installation = known ?? {
        id: kernel.nextId(),
        appId,
        account: repository.owner,
        repositoryIds: new Set<number>(),
        createdAt: platform.timestamp(),
      };
      installation.repositoryIds.add(repository.id);
      state.installations.set(installation.id, installation);
      return { installationId: installation.id };
    },
    setWebhook(appId, url) {
      const app = state.apps.get(appId);
      if (app === undefined) throw new ApiError(404, 'Not Found');
      app.webhookUrl = url;
    },
    setImmutableReleases(name, on) {
      platform.repository(name).immutableReleases = on;
    },
    addCollaborator: (name, login, role) => void platform.repository(name).collaborators.set(login.toLowerCase(), role),
    setSecret: (name, key, value, environment) =>
      void holder(platform.repository(name), environment).secrets.set(key, value),
    setVariable: (name, key, value, environment) =>
      void holder(platform.repository(name), environment).variables.set(key, value),
  };
}
