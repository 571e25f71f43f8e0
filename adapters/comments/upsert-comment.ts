import type { GitHub } from '../github/client.ts';
import { type Author, isWrittenBy, type Place } from '../github/is-written-by.ts';

export type StickyComment = {
  issue: number;
  /** First line of the body; hidden HTML comment. */
  marker: string;
  /** Whole body, marker included. */
  body: string;
};

/**
 * One comment per marker: edits the one that we wrote, or writes it; leaves an equal one alone, and removes doubles
 * that a race has left. A stranger's comment with the same marker is nobody's. Returns its address.
 */
export async function upsertComment(
  github: GitHub,
  place: Place,
  { issue, marker, body }: StickyComment,
  author: Author,
): Promise<string> {
  const comments = await github.paginate(github.rest.issues.listComments, {
    ...place,
    issue_number: issue,
    per_page: 100,
  });
  const [own, ...doubles] = comments.filter(
    (comment) => isWrittenBy(comment, author) && firstLine(comment.body ?? '') === marker,
  );
  for (const { id } of doubles) await github.rest.issues.deleteComment({ ...place, comment_id: id });
  if (own === undefined) {
    // Not repeated after a failure: the first try may have arrived.
    const { data } = await github.rest.issues.createComment({
      ...place,
      issue_number: issue,
      body,
      request: { retries: 0 },
    });
    return data.html_url;
  }
  if (own.body === body) return own.html_url;
  const { data } = await github.rest.issues.updateComment({ ...place, comment_id: own.id, body });
  return data.html_url;
}

function firstLine(text: string): string {
  return (text.split('\n', 1)[0] ?? '').trimEnd();
}
