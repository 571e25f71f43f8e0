import { z } from 'zod';
import { type Api, gatherOne } from '../github/gather.ts';
import { PageError } from '../github/page-error.ts';

const artifactShape = z.object({ name: z.string(), workflow_run: z.object({ id: z.number() }) });

/** Whether an artifact of that name is one file that a browser shows, and no zip. */
export function isReadable(name: string): boolean {
  return /\.(html|txt|json|svg)$/i.test(name);
}

/** The one file of an artifact that was uploaded without an archive, as text. */
export async function readArtifact(
  api: Api,
  { owner, repo, id, job }: { owner: string; repo: string; id: string; job: string },
): Promise<{ name: string; text: string }> {
  const path = `/repos/${owner}/${repo}/actions/artifacts/${job}`;
  const { name, workflow_run } = await gatherOne(api, path, artifactShape);
  if (String(workflow_run.id) !== id) throw new PageError(404, 'The run has no such artifact');
  if (!isReadable(name))
    throw new PageError(404, `${name} is a zip: download it with gh run download ${id} -n ${name}`);
  const { status, text } = await api(`${path}/zip`);
  if (status !== 200) throw new PageError(status === 404 || status === 410 ? 404 : 502, `${name} cannot be read`);
  return { name, text };
}
