import type { GitHub } from '../github/client.ts';
import { type Author, isWrittenBy, type Place } from '../github/is-written-by.ts';

export type OwnIssue = {
  number: number;
  url: string;
  body: string;
  open: boolean;
  pullRequest: boolean;
  createdAt: string;
};

/** The newest issues and pull requests with a label that the App itself opened, in whatever state; one call. */
export async function listOwnIssues(github: GitHub, place: Place, label: string, author: Author): Promise<OwnIssue[]> {
  const { data } = await github.rest.issues.listForRepo({
    ...place,
    labels: label,
    state: 'all',
    sort: 'created',
    direction: 'desc',
    per_page: 100,
  });
  return data
    .filter((issue) => isWrittenBy(issue, author))
    .map((issue) => ({
      number: issue.number,
      url: issue.html_url,
      body: issue.body ?? '',
      open: issue.state === 'open',
      pullRequest: issue.pull_request !== undefined,
      createdAt: issue.created_at,
    }));
}
