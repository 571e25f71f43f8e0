/** First line of the answer to one comment; by it a second delivery of the event finds the answer. */
export function replyMarker(comment: number): string {
  return `<!-- pulltrain:reply comment=${comment} -->`;
}
