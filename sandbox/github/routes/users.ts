import type { Caller } from '../authenticate.ts';
import { authenticate } from '../authenticate.ts';
import type { RateCounter } from '../count-rate.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { fullUser } from '../payloads/account.ts';
import type { Platform } from '../platform.ts';
import { found, parameter } from '../read-request.ts';
import type { Account } from '../records.ts';

/** People, organisations and the caller's own standing. */
export function mountUsers(platform: Platform, rates: RateCounter): void {
  const { kernel, state } = platform;
  const describe = (account: Account): Record<string, unknown> => {
    const own = [...state.repositories.values()].filter(({ owner }) => owner === account.login);
    return fullUser(kernel.url, account, own.length);
  };

  kernel.route({
    method: 'GET',
    path: '/user',
    needs: 'anyone',
    async handler(context) {
      return describe(requireUser(platform, context));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/users/:username',
    needs: 'anyone',
    async handler(context) {
      return describe(found(platform.account(parameter(context, 'username'))));
    },
  });

  kernel.route({
    method: 'GET',
    path: '/rate_limit',
    needs: 'anyone',
    async handler({ request }) {
      const caller: Caller = authenticate(state, request.headers.authorization, kernel.now());
      const rate = rates.look(caller, kernel.now());
      return { resources: { core: rate, search: rate }, rate };
    },
  });
}

/** The person who calls; Apps and jobs are no users. */
export function requireUser(platform: Platform, { actor }: RouteContext): Account {
  if (actor === null) throw new ApiError(401, 'Requires authentication');
  if (actor.kind !== 'user') throw new ApiError(403, 'Resource not accessible by integration');
  return found(platform.account(actor.login));
}
