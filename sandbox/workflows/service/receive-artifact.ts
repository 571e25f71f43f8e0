import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../github/kernel.ts';
import type { Engine } from '../engine/engine.ts';
import type { ArtifactRecord, RunRecord } from '../model/records.ts';

/** Largest artifact that is taken, in bytes. */
const maxBytes = 2 * 1024 ** 3;
const maxRetentionDays = 90;

/** Stores the zip of an artifact, or its one file. Artifacts never change: a second one of the same name in a run is refused. */
export async function receiveArtifact(
  engine: Engine,
  run: RunRecord,
  { name, retentionDays, archived, body }: { name: string; retentionDays: number; archived: boolean; body: Readable },
): Promise<ArtifactRecord> {
  refuseName(run, name);
  const id = engine.kernel.nextId();
  const folder = join(engine.directory, 'artifacts');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${id}.zip`);
  const { size, digest } = await store(body, `${file}.part`).catch(async (fault: unknown) => {
    await rm(`${file}.part`, { force: true });
    throw fault;
  });
  // Asked again: another upload of the name may have finished meanwhile.
  refuseName(run, name);
  await rename(`${file}.part`, file);
  const now = engine.kernel.now();
  const days = retentionDays >= 1 && retentionDays <= maxRetentionDays ? retentionDays : maxRetentionDays;
  const artifact: ArtifactRecord = {
    id,
    runId: run.id,
    name,
    size,
    digest: `sha256:${digest}`,
    archived,
    file,
    createdAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + days * 86_400_000).toISOString(),
  };
  run.artifacts.push(artifact);
  engine.artifacts.set(id, artifact);
  engine.onChange(run.id);
  return artifact;
}

function refuseName(run: RunRecord, name: string): void {
  if (name === '' || name.length > 260 || /["<>|*?:\r\n\\/]/.test(name))
    throw new ApiError(400, `The artifact name is not valid: ${JSON.stringify(name)}. It must be a file name.`);
  if (run.artifacts.some((artifact) => artifact.name === name))
    throw new ApiError(409, `an artifact with this name already exists on the workflow run: ${name}`);
}

async function store(body: Readable, file: string): Promise<{ size: number; digest: string }> {
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    body,
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        if (size > maxBytes) throw new ApiError(413, `The artifact is larger than ${maxBytes} bytes`);
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(file),
  );
  return { size, digest: hash.digest('hex') };
}
