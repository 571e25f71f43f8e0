import type { Person } from './git/commit-object.ts';
import type { Actor } from './kernel.ts';
import type { Platform } from './platform.ts';

/** The committer of everything made through the web or the API. */
export function webFlow(date: string): Person {
  return { name: 'GitHub', email: 'noreply@github.com', date };
}

/** The git identity of an account. */
export function actorPerson(platform: Platform, actor: Actor, date: string): Person {
  const account = platform.account(actor.login);
  const email = account?.email ?? `${actor.id}+${actor.login}@users.noreply.github.com`;
  return { name: account?.name ?? actor.login, email, date };
}
