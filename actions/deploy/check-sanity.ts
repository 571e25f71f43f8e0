import type { ModelServerClient } from '../../adapters/model-server/open-model-server.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { sanityColumns } from '../../pipelines/rollout/sanity-columns.ts';
import { sanityFaults } from '../../pipelines/rollout/sanity-faults.ts';
import type { FetchedRelease } from './fetch-release.ts';

/** Asks the loaded version, before it gets any traffic, for a few rows of its own profile. Throws `sanity-failed`. */
export async function checkSanity({ manifest, profile }: FetchedRelease, server: ModelServerClient): Promise<void> {
  const columns = sanityColumns(await server.inputs(manifest.release), profile);
  const first = await server.infer(manifest.release, columns);
  const second = await server.infer(manifest.release, columns);
  const faults = sanityFaults(manifest.task, first, second);
  if (faults.length === 0) return;
  throw new PulltrainError('sanity-failed', {
    what: 'the loaded model does not answer sensibly',
    where: manifest.tag,
    seen: faults.join('; '),
    cure: 'It has had no traffic; what served before serves on.',
  });
}
