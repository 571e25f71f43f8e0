import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadArtifact } from '../../adapters/artifacts/download-artifact.ts';
import type { GitHub } from '../../adapters/github/client.ts';
import { profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { ReleaseFile } from '../../pipelines/registry/make-manifest.ts';
import type { ReleasePlan } from '../../pipelines/registry/plan-release.ts';

export type Content = { name: string; role: ReleaseFile['role']; type: string; content: Buffer };

type Place = { owner: string; repo: string; temporary: string };

/**
 * The files of a release: the judged bytes out of the training run's artifact, the profile out of the judge's, and the
 * judgement out of the ledger. Throws `bytes-not-judged` when the artifact holds another model than was judged.
 */
export async function fetchContents(
  { owner, repo, temporary }: Place,
  { entry, judgement, evaluation }: Extract<ReleasePlan, { decision: 'release' }>,
  github: GitHub,
): Promise<Content[]> {
  const folder = await mkdtemp(join(temporary, 'pulltrain-publish-'));
  try {
    const run = join(folder, 'run');
    const evidence = join(folder, 'evidence');
    await downloadArtifact(github, {
      owner,
      repo,
      ...entry.artifact,
      into: run,
      allowed: ['model.onnx', 'run-record.json', 'logs/'],
    });
    await downloadArtifact(github, {
      owner,
      repo,
      ...entry.evidence,
      into: evidence,
      allowed: ['judgement.json', 'comment.md', 'profile.json'],
    });
    const model = await readFile(join(run, 'model.onnx'));
    requireJudged(model, entry.sha256);
    const profile = profileSchema.parse(JSON.parse(await readFile(join(evidence, 'profile.json'), 'utf8')));
    return [
      { name: 'model.onnx', role: 'model', type: 'application/octet-stream', content: model },
      document('evaluation', evaluation),
      document('judgement', judgement),
      document('profile', profile),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function document(role: Exclude<ReleaseFile['role'], 'model' | 'card'>, value: unknown): Content {
  return {
    name: `${role}.json`,
    role,
    type: 'application/json',
    content: Buffer.from(`${JSON.stringify(value, null, 2)}\n`),
  };
}

function requireJudged(bytes: Buffer, judged: string): void {
  const actual = createHash('sha256').update(bytes).digest('hex');
  if (actual === judged) return;
  throw new PulltrainError('bytes-not-judged', {
    what: 'the model of the training run is not the one that was judged',
    seen: `sha256 ${actual}`,
    allowed: `sha256 ${judged}`,
    cure: 'Nothing was released. Train and judge the pull request again.',
  });
}
