import { z } from 'zod';
import { ApiError } from '../kernel.ts';
import { type Platform, requireRepository } from '../platform.ts';
import { readBody } from '../read-request.ts';

const LARGEST_PAYLOAD = 65_535;
const Dispatch = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z.record(z.string(), z.unknown()).default({}),
});

/** `repository_dispatch`: with `workflow_dispatch` the only events that a job's own token may start workflows with. */
export function mountDispatches(platform: Platform): void {
  platform.kernel.route({
    method: 'POST',
    path: '/repos/:owner/:repo/dispatches',
    needs: { permission: 'contents', access: 'write' },
    async handler(context) {
      const repository = requireRepository(platform, context);
      const { actor } = context;
      if (actor === null) throw new ApiError(401, 'Requires authentication');
      const { event_type: action, client_payload: payload } = readBody(context, Dispatch);
      if (Object.keys(payload).length > 10)
        throw new ApiError(422, 'No more than 10 properties are allowed; client_payload');
      if (JSON.stringify(payload).length > LARGEST_PAYLOAD) throw new ApiError(422, 'client_payload is too large.');
      platform.kernel.emit({
        name: 'repository_dispatch',
        action,
        repository,
        actor,
        payload: { branch: repository.defaultBranch, client_payload: payload },
      });
    },
  });
}
