import type { Person, PersonChange } from '../open-person.ts';
import { pageUrl, repository, type Story } from '../story.ts';

export type PullStart = Omit<PersonChange, 'message' | 'from'> & { author: Person; title: string; body: string };
export type OpenPull = { number: number; headSha: string; title: string };

/** Pushes a branch and opens its pull request. */
export function openPull(story: Story, start: PullStart): Promise<OpenPull> {
  const { author, branch, title, body } = start;
  return story.timeline.step(
    `${capitalise(author.login)} opens the pull request "${title}"`,
    async () => {
      const headSha = await author.push({ ...start, message: title });
      const { data } = await author.octokit.rest.pulls.create({
        ...repository,
        title,
        body,
        head: branch,
        base: 'main',
      });
      return { number: data.number, headSha, title };
    },
    (pull) => ({ url: pageUrl(story, `pull/${pull.number}`) }),
  );
}

function capitalise(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
