import type { Route } from '../../github/kernel.ts';
import { paginate } from '../../github/paginate.ts';
import type { Engine } from '../engine/engine.ts';

/** Connected runners, which only people who administer the repository may list. */
export function runnerRoutes(engine: Engine): Route[] {
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runners',
      needs: { permission: 'administration', access: 'read' },
      handler: async (context) => {
        const runners = [...engine.runners.values()];
        return {
          total_count: runners.length,
          runners: paginate(context, runners).map((runner) => ({
            id: runner.id,
            name: runner.name,
            os: runner.os,
            status: 'online',
            busy: runner.job !== null,
            ephemeral: false,
            labels: runner.labels.map((name, index) => ({ id: index + 1, name, type: 'custom' })),
          })),
        };
      },
    },
  ];
}
