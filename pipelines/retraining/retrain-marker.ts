/** Label of every pull request that retrains. */
export const retrainLabel = 'retrain';

/** First line of a retraining pull request. `cause` names what asked for it. Its inverse is `parseRetrainMarker`. */
export function formatRetrainMarker({ model, cause }: { model: string; cause: string }): string {
  return `<!-- pulltrain:retrain model=${model} cause=${cause} -->`;
}

/** Model and cause named by the first line of a body, or null. Means nothing unless the App wrote it. */
export function parseRetrainMarker(body: string): { model: string; cause: string } | null {
  const line = body.split('\n', 1)[0]?.trimEnd() ?? '';
  const [, model, cause] = /^<!-- pulltrain:retrain model=(\S+) cause=(\S+) -->$/.exec(line) ?? [];
  return model === undefined || cause === undefined ? null : { model, cause };
}
