import { fetchRef } from '../../adapters/git/fetch-ref.ts';
import { headSha } from '../../adapters/git/head-sha.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { ConfigInvalid } from '../../pipelines/config/config-invalid.ts';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import { policyChanges } from '../../pipelines/config/policy-changes.ts';
import type { Change } from '../../pipelines/contracts/change.ts';
import type {
  ChangedLine,
  DataChange,
  FeatureChange,
  ParameterChange,
  Problem,
} from '../../pipelines/contracts/judgement.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { dataChanges } from '../../pipelines/data/data-changes.ts';
import { type Dataset, type DatasetPair, pairDatasets } from '../../pipelines/data/diff/pair-datasets.ts';
import { listPointers } from '../../pipelines/data/list-pointers.ts';
import { parameterChanges } from '../../pipelines/data/parameter-changes.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { featureChanges } from '../../pipelines/features/feature-changes.ts';
import { type Located, locateChanges } from '../../pipelines/publication/locate-changes.ts';
import { computeRunKey, type RunIdentity } from '../../pipelines/training/compute-run-key.ts';
import { checkCardTexts } from './check-card-texts.ts';
import { configProblems } from './config-problems.ts';
import { findFeatures } from './find-features.ts';
import type { DefaultBranch } from './read-default-branch.ts';

export type TracedChange = {
  identity: RunIdentity;
  pointers: Map<string, Pointer>;
  /** The commit of the base branch that the pull request was merged with to be trained. */
  base: string;
  policyChanges: string[];
  /** Where in its files they stand. */
  changedLines: ChangedLine[];
  parameterChanges: ParameterChange[];
  dataChanges: DataChange[];
  featureChanges: FeatureChange[];
  /** Data of the run that is other data than that of the base. */
  datasets: DatasetPair[];
  /** Faults of its configuration, which nobody could work with once it is merged. */
  problems: Problem[];
  /** Faults of what people wrote for the model card. */
  warnings: Problem[];
};

/**
 * What the merge of the pull request is made of, read from git's objects without checking anything out: the run it stands
 * for, and what it changes. Throws `merge-missing` or `merge-stale` besides what reading a pipeline throws.
 */
export async function traceChange(
  change: Change,
  { config, name, policy, pointers: basePointers, identity: baseIdentity, features: baseFeatures }: DefaultBranch,
  { checkout, token, configFile }: { checkout: string; token: string; configFile: string },
): Promise<TracedChange> {
  const merge = await fetchMerge(change, checkout, token);
  await using tree = await openCommitTree(checkout, merge.commit);
  const configBytes = await tree.read(configFile);
  const configText = configBytes === null ? null : new TextDecoder().decode(configBytes);
  const pointers = await listPointers(tree);
  const identity = await computeRunKey({ name, model: policy, tree });
  const { served, faults } = readServed(configText, configFile, name);
  const features = await findFeatures({ stages: identity.stages, served }, tree);
  const datasets = pairDatasets(datasetsOf(baseIdentity), datasetsOf(identity));
  const changes = {
    policyChanges: policyChanges(config, configText, name, configFile),
    parameterChanges: parameterChanges(baseIdentity?.parameters ?? {}, identity.parameters),
  };
  return {
    ...changes,
    changedLines: await findLines({ model: name, policy, configFile, ...changes }, checkout, change.headSha),
    identity,
    pointers,
    base: merge.base,
    dataChanges: dataChanges(basePointers, pointers, datasets),
    featureChanges: featureChanges(baseFeatures, features.pins),
    datasets,
    problems: [...faults, ...features.problems],
    warnings: await checkCardTexts(tree, name),
  };
}

/** Annotations point into the pull request's own commit; the merge may have other lines. */
async function findLines(subject: Located, checkout: string, headSha: string): Promise<ChangedLine[]> {
  if (subject.parameterChanges.length + subject.policyChanges.length === 0) return [];
  await using head = await openCommitTree(checkout, headSha);
  // Awaited here: the tree is closed when this function is left.
  return await locateChanges(subject, head);
}

function datasetsOf(identity: RunIdentity | null): Dataset[] {
  return (identity?.sources ?? []).filter(({ origin }) => origin === 'pointer');
}

/** `serve.features` of the model as the pull request would have it, and the faults of its configuration. */
function readServed(
  text: string | null,
  file: string,
  name: string,
): { served: string | undefined; faults: Problem[] } {
  if (text === null) return { served: undefined, faults: [] };
  try {
    const { models } = parseConfig(text, file);
    return { served: Object.hasOwn(models, name) ? models[name]?.serve.features : undefined, faults: [] };
  } catch (thrown) {
    if (thrown instanceof ConfigInvalid)
      return { served: undefined, faults: configProblems(thrown, 'the pull request') };
    throw thrown;
  }
}

/** GitHub's own merge of the pull request, after making sure that it is the merge of the head that was trained. */
async function fetchMerge(change: Change, checkout: string, token: string): Promise<{ commit: string; base: string }> {
  const ref = `refs/pull/${change.pull}/merge`;
  const commit = await fetchRef(checkout, ref, { token, depth: 2 }).catch((cause: unknown) => {
    throw new PulltrainError('merge-missing', {
      what: 'the pull request cannot be merged, so there is nothing to judge',
      where: ref,
      cure: 'Resolve its conflicts with the base branch and push again.',
      cause,
    });
  });
  const [base, head] = await Promise.all([headSha(checkout, `${commit}^1`), headSha(checkout, `${commit}^2`)]);
  if (head === change.headSha) return { commit, base };
  throw new PulltrainError('merge-stale', {
    what: 'the merge of the pull request is not of the commit that was trained',
    where: ref,
    seen: head,
    allowed: change.headSha,
    cure: 'Run the judge workflow again.',
  });
}
