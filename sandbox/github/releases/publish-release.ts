import { recordRefChanges } from '../events/record-ref-changes.ts';
import { ApiError, type RouteContext } from '../kernel.ts';
import { releasePayload } from '../payloads/release.ts';
import { allows } from '../permissions.ts';
import type { Platform } from '../platform.ts';
import type { Release, Repository } from '../records.ts';
import { changesWorkflows } from '../refuse-ref-change.ts';

/** Makes the tag if there is none, freezes the release where the repository says so, and tells everyone. Once. */
export async function publishRelease(
  platform: Platform,
  repository: Repository,
  release: Release,
  { actor, permissions }: RouteContext,
): Promise<void> {
  if (actor === null) throw new ApiError(401, 'Requires authentication');
  const { git } = repository;
  const ref = `refs/tags/${release.tagName}`;
  const tagged = await git.commitOid(ref);
  const target = tagged ?? (await git.commitOid(release.targetCommitish));
  if (target === null) {
    throw new ApiError(422, 'Validation Failed', [{ resource: 'Release', code: 'invalid', field: 'target_commitish' }]);
  }
  if (tagged === null) {
    // A token without `workflows` may not tag workflow files that the default branch does not have.
    if (!allows(permissions, 'workflows', 'write') && (await changesWorkflows(repository, null, target))) {
      throw new ApiError(403, 'Resource not accessible by integration');
    }
    await git.exclusive(async () => {
      if (!(await git.updateRefs([{ ref, to: target, from: null }]))) {
        throw new ApiError(422, 'Validation Failed', [{ resource: 'Release', code: 'invalid', field: 'tag_name' }]);
      }
      await recordRefChanges(platform, repository, actor, [{ ref, before: null, after: target }]);
    });
  }
  release.draft = false;
  release.immutable = repository.immutableReleases;
  release.publishedAt = platform.timestamp();
  if (release.immutable) repository.burnedTags.add(release.tagName);
  for (const action of ['published', 'released'].slice(0, release.prerelease ? 1 : 2)) {
    const payload = { release: releasePayload(platform, repository, release) };
    platform.kernel.emit({ name: 'release', action, repository, actor, payload });
  }
}
