import type { Route, RouteContext } from '../../github/kernel.ts';
import { ApiError } from '../../github/kernel.ts';
import { paginate } from '../../github/paginate.ts';
import { query } from '../../github/read-request.ts';
import type { Engine } from '../engine/engine.ts';
import type { RunRecord } from '../model/records.ts';
import { artifactPayload } from '../payloads/artifact-payload.ts';
import { findArtifact, findRun, runsOf } from './find-records.ts';

const reads = { permission: 'actions', access: 'read' } as const;

/** Artifacts: what a run handed over. */
export function artifactRoutes(engine: Engine): Route[] {
  const list = (context: RouteContext, runs: RunRecord[]) => {
    const name = query(context, 'name');
    const artifacts = runs.flatMap((run) =>
      run.artifacts
        .filter((artifact) => name === null || artifact.name === name)
        .map((artifact) => ({ run, artifact })),
    );
    return {
      total_count: artifacts.length,
      artifacts: paginate(context, artifacts).map(({ run, artifact }) => artifactPayload(engine, run, artifact)),
    };
  };
  return [
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/artifacts',
      needs: reads,
      handler: async (context) => list(context, runsOf(engine, context)),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/runs/:run_id/artifacts',
      needs: reads,
      handler: async (context) => list(context, [findRun(engine, context)]),
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/artifacts/:artifact_id',
      needs: reads,
      handler: async (context) => {
        const { run, artifact } = findArtifact(engine, context);
        return artifactPayload(engine, run, artifact);
      },
    },
    {
      method: 'GET',
      path: '/repos/:owner/:repo/actions/artifacts/:artifact_id/:archive_format',
      needs: reads,
      handler: async (context) => {
        const { artifact } = findArtifact(engine, context);
        if (engine.kernel.now() >= new Date(artifact.expiresAt)) throw new ApiError(410, 'Artifact has expired');
        context.reply.code(302).header('location', engine.downloadUrl('artifacts', artifact.id));
        return undefined;
      },
    },
  ];
}
