/** Label of every pull request that retrains. */
export const retrainLabel = 'retrain';

/** `cause` names the one comment or episode that asked, `issue` where it did. */
export type RetrainMarker = { model: string; cause: string; issue: number };

/** First line of a retraining pull request. Its inverse is `parseRetrainMarker`. */
export function formatRetrainMarker({ model, cause, issue }: RetrainMarker): string {
  return `<!-- pulltrain:retrain model=${model} cause=${cause} issue=${issue} -->`;
}

/** What the first line of a body says, or null. Means nothing unless the App wrote it. */
export function parseRetrainMarker(body: string): RetrainMarker | null {
  const line = body.split('\n', 1)[0]?.trimEnd() ?? '';
  const [, model, cause, issue] =
    /^<!-- pulltrain:retrain model=(\S+) cause=(\S+) issue=(\d{1,15}) -->$/.exec(line) ?? [];
  return model === undefined || cause === undefined ? null : { model, cause, issue: Number(issue) };
}
