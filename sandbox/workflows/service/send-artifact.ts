import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../github/kernel.ts';
import type { Engine } from '../engine/engine.ts';

/** Streams the zip of an artifact, or its one file. */
export async function sendArtifact(engine: Engine, id: number, response: ServerResponse): Promise<void> {
  const artifact = engine.artifacts.get(id);
  if (artifact === undefined) throw new ApiError(404, 'Not Found');
  response.writeHead(200, {
    'content-type': artifact.archived ? 'application/zip' : 'application/octet-stream',
    'content-length': artifact.size,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(artifact.archived ? `${artifact.name}.zip` : artifact.name)}`,
  });
  await pipeline(createReadStream(artifact.file), response);
}
