import { PulltrainError } from '../errors.ts';
import { compareVersions } from './compare-versions.ts';
import { parseTag } from './parse-tag.ts';

/** Releases that are newer than the base of a pull request are few; each costs a call. */
const mostAsked = 20;

export type TaggedCommit = { tag: string; commit: string };

/**
 * The release a candidate is compared with: the newest one of the model that is not quarantined and whose commit the
 * base of the pull request contains. `isAncestor` is asked newest first, only until it says yes, and 20 times at most:
 * then it throws `base-unknown`, because taking an older one unasked could make the comparison easier.
 */
export async function pickBaseRelease(
  model: string,
  tags: readonly TaggedCommit[],
  quarantined: ReadonlySet<string>,
  isAncestor: (commit: string) => Promise<boolean> | boolean,
): Promise<(TaggedCommit & { version: string }) | null> {
  const releases = tags
    .map(({ tag, commit }) => ({ tag, commit, parsed: parseTag(tag) }))
    .flatMap(({ tag, commit, parsed }) =>
      parsed?.model === model && !quarantined.has(parsed.version) ? [{ tag, commit, version: parsed.version }] : [],
    )
    .sort((left, right) => compareVersions(right.version, left.version));
  for (const release of releases.slice(0, mostAsked)) {
    if (await isAncestor(release.commit)) return release;
  }
  if (releases.length <= mostAsked) return null;
  throw new PulltrainError('base-unknown', {
    what: `the base of the pull request contains none of the ${mostAsked} newest releases`,
    where: model,
    seen: `${releases[0]?.tag} to ${releases[mostAsked - 1]?.tag}`,
    cure: 'Update the branch from the default branch. If that does not help, look who pushed these tags.',
  });
}
