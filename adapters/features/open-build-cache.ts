import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { featureBuildSchema } from '../../pipelines/contracts/feature-build.ts';
import type { BuildCache } from '../../pipelines/features/feature-ports.ts';
import { integrityHex } from '../../pipelines/integrity.ts';
import { integrityOfFile } from '../workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../workspace/write-file-atomically.ts';

/**
 * Builds in a folder: `<ab>/<rest of the version's digest>.parquet` with what is known of them in `.json` beside it. The
 * latter is written last and makes the build count; a file of another size than it says is no build.
 */
export function openBuildCache(folder: string): BuildCache {
  const placeOf = (version: string) => {
    const hex = integrityHex(version);
    return join(folder, hex.slice(0, 2), hex.slice(2));
  };
  return {
    async find(version) {
      const place = placeOf(version);
      const text = await readFile(`${place}.json`, 'utf8').catch(() => null);
      const parsed = featureBuildSchema.safeParse(text === null ? null : readJson(text));
      const found = await stat(`${place}.parquet`).catch(() => null);
      if (!parsed.success || parsed.data.builds !== version || found?.size !== parsed.data.facts.bytes) return null;
      return { file: `${place}.parquet`, facts: parsed.data.facts };
    },
    async keep(version, make) {
      const place = placeOf(version);
      await mkdir(dirname(place), { recursive: true });
      const temporary = `${place}.${randomUUID()}.part`;
      try {
        const found = await make(temporary);
        const handle = await open(temporary, 'r+');
        const { size } = await handle.stat();
        await handle.sync();
        await handle.close();
        const facts = { ...found, bytes: size, integrity: await integrityOfFile(temporary) };
        await rename(temporary, `${place}.parquet`);
        const document = { kind: 'feature-build', version: 1, builds: version, facts };
        await writeFileAtomically(`${place}.json`, `${JSON.stringify(document, null, 2)}\n`);
        return { file: `${place}.parquet`, facts };
      } finally {
        await rm(temporary, { force: true });
      }
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
