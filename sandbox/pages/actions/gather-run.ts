import { z } from 'zod';
import { type Api, gatherList, gatherOne } from '../github/gather.ts';
import { gatherRepository, type RepositoryView } from '../github/gather-repository.ts';
import {
  type Artifact,
  artifactShape,
  type Job,
  jobShape,
  type Run,
  type Runner,
  runnerShape,
  runShape,
} from '../github/shapes.ts';

/** What the pages of one workflow run show. */
export type RunView = {
  view: RepositoryView;
  repository: string;
  run: Run;
  jobs: Job[];
  artifacts: Artifact[];
  runners: Runner[];
};

export async function gatherRun(api: Api, owner: string, name: string, id: string): Promise<RunView> {
  const view = await gatherRepository(api, owner, name);
  const repository = view.repository.full_name;
  const actions = `/repos/${repository}/actions`;
  const path = `${actions}/runs/${encodeURIComponent(id)}`;
  const run = await gatherOne(api, path, runShape);
  const [jobs, artifacts, runners] = await Promise.all([
    gatherList(api, `${path}/jobs`, z.object({ jobs: z.array(jobShape) }), (page) => page.jobs),
    gatherList(api, `${path}/artifacts`, z.object({ artifacts: z.array(artifactShape) }), (page) => page.artifacts),
    gatherList(api, `${actions}/runners`, z.object({ runners: z.array(runnerShape) }), (page) => page.runners),
  ]);
  return { view, repository, run, jobs, artifacts, runners };
}
