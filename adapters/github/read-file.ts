import type { GitHub } from './client.ts';
import { isStatus } from './is-status.ts';
import type { Place } from './is-written-by.ts';

/** A text file of the default branch, or of `ref`; null when there is none. */
export async function readFile(
  github: GitHub,
  { owner, repo }: Place,
  path: string,
  ref?: string,
): Promise<string | null> {
  try {
    const { data } = await github.rest.repos.getContent({ owner, repo, path, ...(ref === undefined ? {} : { ref }) });
    if (Array.isArray(data) || data.type !== 'file') return null;
    if (data.encoding === 'base64') return Buffer.from(data.content, 'base64').toString('utf8');
    // Files above 1 MiB come without content here.
    const blob = await github.rest.git.getBlob({ owner, repo, file_sha: data.sha });
    return Buffer.from(blob.data.content, 'base64').toString('utf8');
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}
