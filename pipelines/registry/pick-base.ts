import type { BaseChoice, RunEntry, Rung } from '../contracts/judgement.ts';

/** Commits before the merge-base that are looked at; each costs the reading of its pipeline, and none a call. */
export const mostAncestors = 50;
/** Runs of one key that are asked for; each costs a call, and anybody may open pull requests that make more. */
const mostAsked = 10;

export type BaseFacts = {
  model: string;
  /** Commit of the default branch that the pull request was merged with to be trained; null when that is not known. */
  mergeBase: string | null;
  /** The pull request that is judged: its own runs are no base for it. */
  pull: number;
  /** Digests of model files that were rolled back. */
  quarantined: ReadonlySet<string>;
};

export type BaseSources<Bytes> = {
  /** Whether any candidate of the model was ever judged. */
  hasRuns(): Promise<boolean>;
  /** Commits before this one along first parents, the nearest first, `most` at most. */
  ancestors(commit: string, most: number): Promise<readonly string[]>;
  /** Key of the run that a commit stands for; null where its pipeline cannot be read. */
  keyOf(commit: string): Promise<string | null>;
  /** What was judged under a key, the newest first. */
  runsOf(key: string): Promise<readonly RunEntry[]>;
  /** Whether the pull request of a run was merged with exactly its head. */
  isMerged(run: RunEntry): Promise<boolean>;
  /** The bytes of a run, verified, or why they cannot be had: they are nowhere any more, or not those that were judged. */
  bring(run: RunEntry, commit: string): Promise<{ tag: string | null; bytes: Bytes } | { missing: string }>;
  /** The newest proven release that the base contains, with its bytes; null when there is none. */
  release(): Promise<{ tag: string; commit: string; sha256: string; bytes: Bytes } | null>;
};

export type PickedBase<Bytes> = { choice: BaseChoice; bytes: Bytes | null };

/**
 * What a candidate is compared with: the model that the merge-base would ship. The rungs, from the top: the merged run of
 * the merge-base; that of the nearest commit before it; the newest release that it contains; none. A commit ships its
 * newest merged run when that passed and was not rolled back, exactly as a release of it would. Why a rung was left is
 * told.
 */
export async function pickBase<Bytes>(facts: BaseFacts, sources: BaseSources<Bytes>): Promise<PickedBase<Bytes>> {
  const skipped: NonNullable<BaseChoice['skipped']> = [];
  const skip = (rung: Rung, reason: string) => void skipped.push({ rung, reason: reason.slice(0, 1000) });
  const told = () => (skipped.length === 0 ? {} : { skipped });
  const { mergeBase } = facts;
  if (mergeBase === null) skip('merge-base', 'the merge of the pull request is not known');
  else if (!(await sources.hasRuns())) skip('merge-base', `no candidate of ${facts.model} has been merged yet`);
  else {
    const looked = new Set<string>();
    const commits = [mergeBase];
    for (let distance = 0; distance < commits.length; distance += 1) {
      const commit = commits[distance] ?? mergeBase;
      const rung = distance === 0 ? 'merge-base' : 'ancestor';
      const found = await lookAt(commit, looked, facts, sources);
      if (typeof found === 'object' && found !== null) {
        const { run, tag, bytes } = found;
        return {
          choice: { rung, tag, commit, sha256: run.sha256, pull: run.pull, distance, ...told() },
          bytes,
        };
      }
      // Of many commits only those that stand for a run are worth a word.
      if (found !== null && skipped.length < 8) {
        skip(rung, distance === 0 ? found : `${commit.slice(0, 7)}, ${distance} before it: ${found}`);
      }
      if (distance === 0) commits.push(...(await sources.ancestors(mergeBase, mostAncestors)));
    }
    if (commits.length > 1)
      skip('ancestor', `none of the ${commits.length - 1} commits before it ships a recorded run`);
  }
  const release = await sources.release();
  if (release !== null) {
    const { tag, commit, sha256, bytes } = release;
    return { choice: { rung: 'release', tag, commit, sha256, ...told() }, bytes };
  }
  skip('release', 'the merge-base contains no release that counts');
  return { choice: { rung: 'none', tag: null, commit: null, sha256: null, ...told() }, bytes: null };
}

/** The run that a commit ships; else why it ships none, null when that was told for the same key before. */
async function lookAt<Bytes>(
  commit: string,
  looked: Set<string>,
  { model, pull, quarantined }: BaseFacts,
  { keyOf, runsOf, isMerged, bring }: BaseSources<Bytes>,
): Promise<{ run: RunEntry; tag: string | null; bytes: Bytes } | string | null> {
  const key = await keyOf(commit);
  const first = looked.size === 0;
  if (key === null) return first ? 'its pipeline cannot be read' : null;
  if (looked.has(key)) return null;
  looked.add(key);
  const runs = (await runsOf(key)).filter((run) => run.model === model && run.pull !== pull);
  if (runs.length === 0) return first ? 'no run of what it is made of was ever judged' : null;
  const run = await findMerged(runs.slice(0, mostAsked), isMerged);
  if (run === null) return 'what was judged of it was never merged';
  if (quarantined.has(run.sha256)) return `its model, of #${run.pull}, was rolled back`;
  if (run.status !== 'pass') return `its model was judged "${run.status}" in #${run.pull}, so it ships none`;
  const brought = await bring(run, commit);
  return 'missing' in brought ? `the model of #${run.pull} cannot be had: ${brought.missing}` : { run, ...brought };
}

async function findMerged(
  runs: readonly RunEntry[],
  isMerged: (run: RunEntry) => Promise<boolean>,
): Promise<RunEntry | null> {
  for (const run of runs) if (await isMerged(run)) return run;
  return null;
}
