import { createHash } from 'node:crypto';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { GitHub } from '../github/client.ts';
import { type ArchiveLimits, archiveLimits, extractArchive } from './extract-archive.ts';
import { findArtifact } from './find-artifact.ts';

export type ArtifactRequest = {
  owner: string;
  repo: string;
  runId: number;
  name: string;
  /** Folder to make; must not exist. */
  into: string;
  /** File names taken; one that ends in `/` allows the files below it. Anything else refuses the whole artifact. */
  allowed: readonly string[];
};

/**
 * Fetches one artifact of one workflow run and unpacks it as hostile data. Two calls. Throws `artifact-missing`,
 * `artifact-expired` or `artifact-refused`.
 */
export async function downloadArtifact(
  github: GitHub,
  { owner, repo, runId, name, into, allowed }: ArtifactRequest,
  limits: ArchiveLimits = archiveLimits,
): Promise<{ files: string[] }> {
  const where = `artifact ${name} of run ${runId}`;
  const artifact = await findArtifact(github, { owner, repo, runId, name });
  if (artifact === null) {
    throw new PulltrainError('artifact-missing', { what: 'the run has no artifact of that name', where });
  }
  if (artifact.expired) {
    throw new PulltrainError('artifact-expired', {
      what: 'the artifact has expired',
      where,
      cure: 'Run the training workflow again.',
    });
  }
  if (artifact.size_in_bytes > limits.size) {
    throw new PulltrainError('artifact-refused', {
      what: 'the artifact is too large',
      where,
      seen: `${artifact.size_in_bytes} bytes`,
      allowed: `${limits.size} bytes at most`,
    });
  }
  const zip = await download(github, { owner, repo, artifactId: artifact.id });
  const digest = `sha256:${createHash('sha256').update(zip).digest('hex')}`;
  if (typeof artifact.digest === 'string' && artifact.digest !== digest) {
    throw new PulltrainError('artifact-refused', {
      what: 'the bytes are not the uploaded ones',
      where,
      seen: digest,
      allowed: artifact.digest,
    });
  }
  return { files: await extractArchive(zip, into, allowed, limits) };
}

async function download(
  github: GitHub,
  { owner, repo, artifactId }: { owner: string; repo: string; artifactId: number },
): Promise<Buffer> {
  const { data } = await github.rest.actions.downloadArtifact({
    owner,
    repo,
    artifact_id: artifactId,
    archive_format: 'zip',
  });
  if (!(data instanceof ArrayBuffer)) {
    throw new PulltrainError('artifact-refused', {
      what: 'GitHub answered without bytes',
      where: `artifact ${artifactId}`,
      seen: typeof data,
    });
  }
  return Buffer.from(data);
}
