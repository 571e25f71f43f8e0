import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DvcConfigFile } from '../../pipelines/data/dvc/find-dvc-remote.ts';
import { parseDvcConfig } from '../../pipelines/data/dvc/parse-dvc-config.ts';
import type { Environment } from '../remotes/open-remote.ts';

/** The config files that DVC reads for a repository, each overriding the one before: the user's, the shared, the local. */
export async function readDvcConfig(root: string, environment: Environment): Promise<DvcConfigFile[]> {
  const home = environment.HOME ?? '';
  const folders = [
    { folder: join(environment.XDG_CONFIG_HOME || join(home, '.config'), 'dvc'), name: 'config' },
    { folder: join(root, '.dvc'), name: 'config' },
    { folder: join(root, '.dvc'), name: 'config.local' },
  ];
  const files: DvcConfigFile[] = [];
  for (const { folder, name } of folders) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => null);
    if (text !== null) files.push({ sections: parseDvcConfig(text), folder });
  }
  return files;
}
