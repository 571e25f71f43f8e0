import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { versionSchema } from '../pipelines/contracts/common.ts';
import { modelManifestSchema } from '../pipelines/contracts/model-manifest.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { answeringReleases } from '../pipelines/monitoring/answering-releases.ts';
import type { Tables } from '../pipelines/ports/tables.ts';

/**
 * The release whose rows are compared with a profile: the one named, else the one that the `manifest.json` beside the
 * profile vouches for, else the only one in the log. A log of several releases is refused, since a profile does not say
 * whose it is, and rows of another model's making would pass for drift.
 */
export async function chooseRelease(
  { named, profile, model, files }: { named: string | undefined; profile: string; model: string; files: string[] },
  tables: Tables,
): Promise<string> {
  if (named !== undefined) return requireVersion(named);
  const owner = await releaseBeside(profile);
  if (owner !== null) return owner;
  const found = await answeringReleases(files, model, tables);
  const [only, ...others] = found;
  if (only === undefined) {
    throw new PulltrainError('log-empty', { what: `the log has no row that ${model} answered` });
  }
  if (others.length === 0) return requireVersion(only.version);
  throw new PulltrainError('release-ambiguous', {
    what: 'several releases answered in this log, and the profile does not say whose it is',
    where: profile,
    seen: found.map(({ version, rows }) => `${version} (${rows} rows)`).join(', '),
    cure: `Name the one the profile is of, e.g. --release ${only.version}, or keep the manifest.json of the release beside its profile.json.`,
  });
}

/** What a release's manifest in the same folder says, when it names this very file. */
async function releaseBeside(profile: string): Promise<string | null> {
  const text = await readFile(join(dirname(profile), 'manifest.json'), 'utf8').catch(() => null);
  const manifest = text === null ? null : modelManifestSchema.safeParse(readJson(text)).data;
  if (manifest === null || manifest === undefined) return null;
  const sha256 = createHash('sha256')
    .update(await readFile(profile))
    .digest('hex');
  return manifest.files.some((file) => file.role === 'profile' && file.sha256 === sha256) ? manifest.release : null;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function requireVersion(release: string): string {
  if (versionSchema.safeParse(release).success) return release;
  throw new PulltrainError('usage', { what: 'not a release', seen: release, allowed: 'MAJOR.MINOR.PATCH' });
}
