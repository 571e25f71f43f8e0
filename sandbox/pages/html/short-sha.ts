/** First seven hex digits of a commit. */
export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}
