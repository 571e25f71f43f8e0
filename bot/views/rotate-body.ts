import { codeSpan } from '../../reports/code-span.ts';

/** Body of the pull request that goes on to the next part of a holdout. */
export function rotateBody(
  { name, use, of }: { name: string; use: number; of: number },
  { by, issue }: { by: string; issue: number },
): string {
  return [
    `Asked for by ${by} in #${issue}. From the merge on, candidates for ${codeSpan(name)} are judged by part ${use} of ${of} of the holdout, whose rows have judged nothing yet, and counting begins anew.`,
    '',
    'The numbers of candidates before and after are of other rows and cannot be compared. Base and candidate of one pull request still are: both are judged by the same rows.',
    '',
    'Pull requests that are open should be judged again once this is merged: push, or run their Train workflow again.',
    '',
  ].join('\n');
}
