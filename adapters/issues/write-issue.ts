import type { GitHub } from '../github/client.ts';
import type { Place } from '../github/is-written-by.ts';

/** Opens an issue. The planner has looked for an earlier one: a second call opens a second issue. */
export async function openIssue(
  github: GitHub,
  place: Place,
  { title, body, label }: { title: string; body: string; label: string },
): Promise<{ number: number; url: string }> {
  const { data } = await github.rest.issues.create({ ...place, title, body, labels: [label], request: { retries: 0 } });
  return { number: data.number, url: data.html_url };
}

/** Sets the body of an issue and, when told, closes it as completed. */
export async function updateIssue(
  github: GitHub,
  place: Place,
  { issue, body, close }: { issue: number; body: string; close: boolean },
): Promise<void> {
  await github.rest.issues.update({
    ...place,
    issue_number: issue,
    body,
    ...(close ? { state: 'closed', state_reason: 'completed' } : {}),
  });
}
