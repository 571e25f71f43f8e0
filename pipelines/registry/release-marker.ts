import { integritySchema } from '../contracts/common.ts';

/** First line of a release's notes: how the release of a run is found again. Its inverse is `readReleaseMarker`. */
export function releaseMarker(key: string): string {
  return `<!-- pulltrain:release key=${key} -->`;
}

/** The key in the first line of a release's notes; null for any other text. A claim, until the manifest confirms it. */
export function readReleaseMarker(notes: string): string | null {
  const match = /^<!-- pulltrain:release key=(\S{1,200}) -->/.exec(notes);
  return integritySchema.safeParse(match?.[1]).data ?? null;
}
