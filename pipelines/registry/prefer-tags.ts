import { compareVersions } from './compare-versions.ts';
import { parseTag } from './parse-tag.ts';
import type { TaggedCommit } from './pick-base-release.ts';

/** Releases that are looked into for one model file; each costs a call. */
const mostLooked = 3;

/**
 * Releases in which the model of a commit is looked for: first those of that very commit, then the newest ones; none that
 * was rolled back.
 */
export function preferTags(
  model: string,
  tags: readonly TaggedCommit[],
  { commit, quarantined }: { commit: string; quarantined: ReadonlySet<string> },
): string[] {
  const releases = tags.flatMap((one) => {
    const parsed = parseTag(one.tag);
    return parsed?.model === model && !quarantined.has(parsed.version) ? [{ ...one, version: parsed.version }] : [];
  });
  const newestFirst = releases.sort((left, right) => compareVersions(right.version, left.version));
  const own = newestFirst.filter((release) => release.commit === commit);
  const others = newestFirst.filter((release) => release.commit !== commit);
  return [...own, ...others].slice(0, mostLooked).map(({ tag }) => tag);
}
