import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { modelNameSchema, sha256Schema, versionSchema } from '../../pipelines/contracts/common.ts';
import { modelManifestSchema } from '../../pipelines/contracts/model-manifest.ts';
import { type Profile, profileSchema } from '../../pipelines/contracts/profile.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { type TrafficState, trafficStateSchema } from '../traffic/traffic.ts';
import { writeAtomically } from './write-atomically.ts';

const storedVersionSchema = z.strictObject({
  version: versionSchema,
  sha256: sha256Schema,
  /** Null for a file that came without a release. */
  manifest: modelManifestSchema.nullable(),
});
export type StoredVersion = z.infer<typeof storedVersionSchema>;

export type ModelStore = {
  models(): Promise<string[]>;
  versions(model: string): Promise<StoredVersion[]>;
  add(model: string, version: StoredVersion, bytes: Uint8Array): Promise<void>;
  /** Throws `model-corrupt` when the bytes on disk are not those that were uploaded. */
  bytes(version: StoredVersion): Promise<Buffer>;
  /** How the inputs of a version are distributed; null when nobody has said. */
  profile(model: string, version: string): Promise<Profile | null>;
  setProfile(model: string, version: string, profile: Profile): Promise<void>;
  traffic(model: string): Promise<TrafficState | null>;
  setTraffic(model: string, state: TrafficState): Promise<void>;
};

/** Models by content and what is known of each version, in one folder; what a restarted server serves again. */
export function openModelStore(folder: string): ModelStore {
  const modelsFolder = join(folder, 'models');
  const objectPath = (sha256: string) => join(folder, 'objects', 'sha256', sha256.slice(0, 2), sha256.slice(2));
  const versionPath = (model: string, version: string) => join(modelsFolder, model, 'versions', `${version}.json`);
  const profilesFolder = (model: string) => join(modelsFolder, model, 'profiles');
  const trafficPath = (model: string) => join(modelsFolder, model, 'traffic.json');

  return {
    async models() {
      return (await list(modelsFolder)).filter((name) => modelNameSchema.safeParse(name).success);
    },
    async versions(model) {
      const names = (await list(join(modelsFolder, model, 'versions'))).filter((name) => name.endsWith('.json'));
      return Promise.all(
        names.map((name) => readDocument(join(modelsFolder, model, 'versions', name), storedVersionSchema)),
      );
    },
    async add(model, version, bytes) {
      // Bytes first: a version never names what is not there.
      await writeAtomically(objectPath(version.sha256), bytes);
      await writeAtomically(versionPath(model, version.version), JSON.stringify(version));
    },
    async bytes({ sha256 }) {
      const path = objectPath(sha256);
      const bytes = await readFile(path);
      const actual = createHash('sha256').update(bytes).digest('hex');
      if (actual === sha256) return bytes;
      throw new PulltrainError('model-corrupt', {
        what: 'the model file is not the one that was uploaded',
        where: path,
        seen: actual,
        allowed: sha256,
        cure: 'Deploy the release again.',
      });
    },
    async profile(model, version) {
      const name = `${version}.json`;
      if (!(await list(profilesFolder(model))).includes(name)) return null;
      return readDocument(join(profilesFolder(model), name), profileSchema);
    },
    setProfile: (model, version, profile) =>
      writeAtomically(join(profilesFolder(model), `${version}.json`), JSON.stringify(profile)),
    async traffic(model) {
      if (!(await list(join(modelsFolder, model))).includes('traffic.json')) return null;
      return readDocument(trafficPath(model), trafficStateSchema);
    },
    setTraffic: (model, state) => writeAtomically(trafficPath(model), JSON.stringify(state)),
  };
}

async function list(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function readDocument<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (cause) {
    throw new PulltrainError('store-corrupt', {
      what: 'cannot read what the server kept',
      where: path,
      cure: 'Restore the file, or start with an empty data folder and deploy again.',
      cause,
    });
  }
}
