import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadArtifact } from '../adapters/artifacts/download-artifact.ts';
import type { GitHub } from '../adapters/github/client.ts';
import type { Place } from '../adapters/github/is-written-by.ts';
import { PulltrainError } from '../pipelines/errors.ts';

/** Bytes; a judgement or drift report is a few hundred kilobytes at most. */
const largest = 16 * 1024 * 1024;

export type ArtifactDocument = { runId: number; name: string; file: string; allowed: readonly string[] };

/**
 * One JSON document out of an artifact; the caller parses it by its schema. Throws what `downloadArtifact` throws, and
 * `document-missing` or `document-unreadable`.
 */
export async function readArtifact(
  github: GitHub,
  { owner, repo }: Place,
  { runId, name, file, allowed }: ArtifactDocument,
): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-bot-'));
  try {
    const into = join(folder, 'artifact');
    const { files } = await downloadArtifact(github, { owner, repo, runId, name, into, allowed });
    const where = `${file} in artifact ${name} of run ${runId}`;
    if (!files.includes(file)) throw new PulltrainError('document-missing', { what: 'the file is not there', where });
    const path = join(into, file);
    const { size } = await stat(path);
    if (size > largest) {
      throw new PulltrainError('document-unreadable', {
        what: 'the file is too large',
        where,
        seen: `${size} bytes`,
        allowed: `${largest} bytes`,
      });
    }
    return parseJson(await readFile(path, 'utf8'), where);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PulltrainError('document-unreadable', { what: 'not JSON', where, cause });
  }
}
