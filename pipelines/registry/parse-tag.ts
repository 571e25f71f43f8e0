import { modelNameSchema, versionSchema } from '../contracts/common.ts';

export type ReleaseTag = { model: string; version: string };

/** Reads `model@v1.2.3`; null for every other tag of a repository. Its inverse is `formatTag`. */
export function parseTag(tag: string): ReleaseTag | null {
  const at = tag.lastIndexOf('@v');
  if (at < 0) return null;
  const model = modelNameSchema.safeParse(tag.slice(0, at));
  const version = versionSchema.safeParse(tag.slice(at + 2));
  if (!model.success || !version.success) return null;
  // `01.2.3` would be a second spelling of the same version.
  if (version.data.split('.').some((part) => part.length > 1 && part.startsWith('0'))) return null;
  return { model: model.data, version: version.data };
}
