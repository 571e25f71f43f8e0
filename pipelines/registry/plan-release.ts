import type { Evaluation } from '../contracts/evaluation.ts';
import type { Judgement, RunEntry } from '../contracts/judgement.ts';
import type { ModelManifest } from '../contracts/model-manifest.ts';
import { PulltrainError } from '../errors.ts';
import { integrityOfDocument } from '../integrity.ts';
import { formatTag } from './format-tag.ts';
import { nextVersion } from './next-version.ts';

export type ReleaseFacts = {
  model: string;
  /** Key of what stands on the default branch. */
  key: string;
  /** What the ledger says of that key; null when nothing was judged. */
  entry: RunEntry | null;
  judgement: Judgement | null;
  /** Every tag of the repository that begins like one of this model. */
  tags: readonly string[];
  /** The release that already holds this key. */
  existing: ModelManifest | null;
  /** Versions that were rolled back. */
  quarantined: ReadonlySet<string>;
};

export type ReleasePlan =
  /** Nothing was ever judged for these inputs. */
  | { decision: 'nothing-judged' }
  | { decision: 'released-already'; manifest: ModelManifest }
  | {
      decision: 'release';
      tag: string;
      version: string;
      entry: RunEntry;
      judgement: Judgement;
      evaluation: Evaluation;
    };

/**
 * What a push to the default branch releases: the very run whose inputs hash to what stands there. Only a `pass` is
 * released: `inconclusive` means that the holdout cannot tell whether the model is good enough, and a release is the
 * claim that it is. Throws `verdict-not-pass`, `release-quarantined` or `evidence-mismatch`.
 */
export function planRelease(facts: ReleaseFacts): ReleasePlan {
  const { model, key, entry, judgement, existing, quarantined, tags } = facts;
  if (existing !== null) {
    if (!quarantined.has(existing.release)) return { decision: 'released-already', manifest: existing };
    throw new PulltrainError('release-quarantined', {
      what: 'the default branch holds a model that was rolled back',
      where: existing.tag,
      cure: 'Merge the pull request that reverts it, or one that changes the model.',
    });
  }
  if (entry === null) return { decision: 'nothing-judged' };
  const evaluation = requireEvidence(entry, judgement, { model, key });
  if (entry.status !== 'pass') {
    throw new PulltrainError('verdict-not-pass', {
      what: 'only a model that passed its gates is released',
      where: `${model}, pull request #${entry.pull}`,
      seen: entry.status,
      allowed: 'pass',
      cure:
        entry.status === 'inconclusive'
          ? 'The holdout is too small to decide: add labelled rows, or widen the margin of the gate, and train again.'
          : 'Revert the merge.',
    });
  }
  const version = nextVersion(model, tags);
  return { decision: 'release', tag: formatTag(model, version), version, entry, ...evaluation };
}

/** The ledger's entry, the judgement it names and the evaluation inside must be about the same bytes. */
function requireEvidence(
  entry: RunEntry,
  judgement: Judgement | null,
  { model, key }: { model: string; key: string },
): { judgement: Judgement; evaluation: Evaluation } {
  const evaluation = judgement?.evaluated.headEvaluation ?? null;
  const faults = [
    entry.model === model ? [] : [`the entry is about model ${entry.model}`],
    entry.key === key ? [] : ['the entry has another key'],
    judgement === null || integrityOfDocument(judgement) === entry.judgement.integrity
      ? []
      : ['the judgement is not the one that was recorded'],
    judgement === null || judgement.verdict.status === entry.status
      ? []
      : ['entry and judgement differ in the verdict'],
    judgement === null || judgement.evaluated.key === key ? [] : ['the judgement has another key'],
    evaluation === null || evaluation.sha256 === entry.sha256 ? [] : ['the judgement is about other bytes'],
  ].flat();
  if (faults.length === 0 && judgement !== null && evaluation !== null) return { judgement, evaluation };
  throw new PulltrainError('evidence-mismatch', {
    what: 'the ledger does not prove that this model was judged',
    where: entry.judgement.path,
    seen: faults.join('; ') || 'no judgement with an evaluation',
    cure: 'Judge the pull request again.',
  });
}
