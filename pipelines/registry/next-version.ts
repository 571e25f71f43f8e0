import { compareVersions } from './compare-versions.ts';
import { parseTag } from './parse-tag.ts';

/** The next minor version after the newest tag of the model; `1.0.0` for its first release. */
export function nextVersion(model: string, tags: readonly string[]): string {
  const newest = tags
    .map(parseTag)
    .filter((tag) => tag !== null)
    .filter((tag) => tag.model === model)
    .map((tag) => tag.version)
    .sort(compareVersions)
    .at(-1);
  if (newest === undefined) return '1.0.0';
  const [major = '0', minor = '0'] = newest.split('.');
  return `${major}.${BigInt(minor) + 1n}.0`;
}
