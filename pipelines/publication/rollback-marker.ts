/** Label of the pull request or issue that follows a failed release. */
export const rollbackLabel = 'rollback';

/** First line of that pull request or issue. Means nothing unless the App wrote it. */
export function formatRollbackMarker({ model, release }: { model: string; release: string }): string {
  return `<!-- pulltrain:rollback model=${model} release=${release} -->`;
}
