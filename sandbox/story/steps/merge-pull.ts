import type { Person } from '../open-person.ts';
import { pageUrl, repository, type Story } from '../story.ts';
import type { OpenPull } from './open-pull.ts';

/** Merges exactly the head that was judged; returns the commit on the default branch. */
export function mergePull(
  story: Story,
  merge: { pull: OpenPull; by: Person; method: 'merge' | 'squash' | 'rebase' },
): Promise<string> {
  const { pull, by, method } = merge;
  return story.timeline.step(
    `It merges (${method})`,
    async () => {
      const { data } = await by.octokit.rest.pulls.merge({
        ...repository,
        pull_number: pull.number,
        merge_method: method,
        sha: pull.headSha,
      });
      return data.sha;
    },
    () => ({ url: pageUrl(story, `pull/${pull.number}`) }),
  );
}
