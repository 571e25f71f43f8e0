import { z } from 'zod';
import { modelNameSchema, versionSchema } from '../contracts/common.ts';

/** What an episode of drift is about: one release in one environment. */
const episodeSchema = z.strictObject({
  model: modelNameSchema,
  environment: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/),
  release: versionSchema,
});
export type Episode = z.infer<typeof episodeSchema>;

/** The episode named by the first line of a body, or null. Means nothing unless the App wrote the issue. */
export function parseEpisodeMarker(body: string): Episode | null {
  const line = body.split('\n', 1)[0]?.trimEnd() ?? '';
  const [, model, environment, release] =
    /^<!-- pulltrain:episode model=(\S+) environment=(\S+) release=(\S+) -->$/.exec(line) ?? [];
  return episodeSchema.safeParse({ model, environment, release }).data ?? null;
}
