import type { Caller } from './authenticate.ts';

type Rate = { limit: number; used: number; remaining: number; reset: number };

/** Requests an hour: an installation's 5,000 and a job token's 1,000 are GitHub's and enforced. */
const LIMITS = { user: 5000, app: 5000, job: 1000, stranger: 5000 } as const;
const HOUR = 3600;

export type RateCounter = {
  /** Counts one request and tells where its bucket stands. */
  count(caller: Caller, now: Date): Rate & { exhausted: boolean };
  /** Where the bucket stands, without counting. */
  look(caller: Caller, now: Date): Rate;
};

/** One bucket per person, installation, App, or repository of a job, renewed every hour. */
export function createRateCounter(): RateCounter {
  const buckets = new Map<string, { used: number; reset: number }>();

  function bucket(caller: Caller, now: Date): { used: number; reset: number } {
    const key = bucketKey(caller);
    const seconds = Math.floor(now.getTime() / 1000);
    const current = buckets.get(key);
    if (current !== undefined && current.reset > seconds) return current;
    const fresh = { used: 0, reset: seconds + HOUR };
    buckets.set(key, fresh);
    return fresh;
  }

  function describe(caller: Caller, { used, reset }: { used: number; reset: number }): Rate {
    const limit = LIMITS[caller.actor?.kind ?? 'stranger'];
    return { limit, used: Math.min(used, limit), remaining: Math.max(0, limit - used), reset };
  }

  return {
    count(caller, now) {
      const current = bucket(caller, now);
      current.used += 1;
      const kind = caller.actor?.kind;
      const enforced = kind === 'app' || kind === 'job';
      return { ...describe(caller, current), exhausted: enforced && current.used > LIMITS[kind] };
    },
    look: (caller, now) => describe(caller, bucket(caller, now)),
  };
}

function bucketKey({ actor, credential, jwt }: Caller): string {
  if (credential?.kind === 'job') return `job ${credential.repositoryId}`;
  if (credential?.kind === 'installation') return `installation ${credential.installationId}`;
  if (actor === null) return 'stranger';
  return jwt ? `app ${actor.login}` : `user ${actor.login}`;
}
