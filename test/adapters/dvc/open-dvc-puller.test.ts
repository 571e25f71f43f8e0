import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDvcPuller } from '../../../adapters/dvc/open-dvc-puller.ts';
import { openDirectoryTree } from '../../../adapters/source-tree/open-directory-tree.ts';
import { openWorkspace } from '../../../adapters/workspace/open-workspace.ts';
import { fetchSources } from '../../../pipelines/training/fetch-sources.ts';
import { identifyDependency } from '../../../pipelines/training/identify-dependency.ts';
import { dvcRepository, presentOf } from '../../fixtures/dvc-repository.ts';

describe('the data of DVC before training', () => {
  it('is brought for the dependencies of a run, and for no more', async () => {
    using repository = dvcRepository(3);
    const { directory, expected } = repository;
    const tree = await openDirectoryTree(directory);
    const sources = [];
    for (const path of ['train.csv', 'images/1.txt']) {
      sources.push(...((await identifyDependency(tree, path, () => false))?.sources ?? []));
    }
    const progress: string[] = [];
    const ports = {
      workspace: openWorkspace(directory),
      store: null,
      pullDvc: openDvcPuller(directory, {}),
      progress: (line: string) => progress.push(line),
    };
    expect(await fetchSources(sources, ports)).toEqual(['train.csv', 'images']);
    expect(await fetchSources(sources, ports)).toEqual([]);
    const images = [...expected.keys()].filter((path) => path.startsWith('images/'));
    expect(presentOf(directory, expected)).toEqual([...images, 'train.csv']);
  });

  it('is never brought over work that nobody else has', async () => {
    using repository = dvcRepository(3);
    const file = join(repository.directory, 'train.csv');
    writeFileSync(file, 'mine');
    const pull = openDvcPuller(repository.directory, {});
    await expect(pull('train.csv')).rejects.toMatchObject({ code: 'data-differs' });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    await expect(pull('unknown')).rejects.toMatchObject({ code: 'dvc-out-missing' });
    expect(existsSync(join(repository.directory, 'unknown'))).toBe(false);
  });
});
