import type { DeploymentRecord } from '../../pipelines/contracts/deployment-record.ts';
import { formatRollbackMarker } from '../../pipelines/publication/rollback-marker.ts';
import { codeSpan } from '../../reports/code-span.ts';
import { escapeMarkdown } from '../../reports/escape-markdown.ts';

/** Body of the pull request that takes a failed release out of the default branch. */
export function revertBody(rollback: DeploymentRecord): string {
  return [...opening(rollback), 'Merging this brings back what was there before its merge.', ''].join('\n');
}

/** Body of the issue when that cannot be done by itself. `paths` are the files that stand in the way. */
export function rollbackIssueBody(rollback: DeploymentRecord, paths: readonly string[]): string {
  const shown = paths.slice(0, 20).map((path) => `- ${codeSpan(path)}`);
  const rest = paths.length - shown.length;
  return [
    ...opening(rollback),
    ...(paths.length === 0
      ? ['Its commit cannot be undone by itself.']
      : ['It cannot be undone by itself, because these files have changed since or are workflows:', '', ...shown]),
    ...(rest > 0 ? [`- and ${rest} more`] : []),
    '',
    `What to do: \`git revert ${rollback.commit.slice(0, 12)}\` on a branch, settle the files above, and open a pull request.`,
    '',
  ].join('\n');
}

function opening({ model, release, tag, environment, reason, commit }: DeploymentRecord): string[] {
  return [
    formatRollbackMarker({ model, release }),
    `${codeSpan(tag)} failed in ${codeSpan(environment)} and was taken back. Its commit is ${commit}.`,
    ...(reason === '' ? [] : ['', escapeMarkdown(reason)]),
    '',
    'The version is quarantined: it is never deployed or returned to again. The default branch still holds its change.',
  ];
}
