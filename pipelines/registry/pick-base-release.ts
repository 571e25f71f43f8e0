import { compareVersions } from './compare-versions.ts';
import { parseTag } from './parse-tag.ts';

export type TaggedCommit = { tag: string; commit: string };

/**
 * The release a candidate is compared with: the newest one of the model that is not quarantined and whose commit the
 * base of the pull request contains. `isAncestor` is asked newest first and only until it says yes.
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
  for (const release of releases) {
    if (await isAncestor(release.commit)) return release;
  }
  return null;
}
