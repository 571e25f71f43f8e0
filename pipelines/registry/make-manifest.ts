import type { FeaturePin } from '../contracts/feature-pin.ts';
import type { ModelManifest } from '../contracts/model-manifest.ts';
import type { ReleasePlan } from './plan-release.ts';

export type ReleaseFile = ModelManifest['files'][number];

/** `manifest.json` of a release that is planned. */
export function makeManifest(
  plan: Extract<ReleasePlan, { decision: 'release' }>,
  files: readonly ReleaseFile[],
  { commit, publishedAt, features }: { commit: string; publishedAt: string; features: readonly FeaturePin[] },
): ModelManifest {
  const { tag, version, entry, judgement, evaluation } = plan;
  return {
    kind: 'model-manifest',
    version: 1,
    model: entry.model,
    release: version,
    tag,
    commit,
    key: entry.key,
    task: evaluation.task,
    threshold: evaluation.threshold,
    inputs: evaluation.inputs,
    files: [...files],
    holdout: evaluation.holdout,
    sources: judgement.evaluated.run?.sources ?? [],
    ...(features.length === 0 ? {} : { features: [...features] }),
    // What the training job says of its own inputs is a claim until somebody has repeated the run.
    lineage: 'reported',
    verdict: judgement.verdict.status,
    pull: entry.pull,
    publishedAt,
  };
}
