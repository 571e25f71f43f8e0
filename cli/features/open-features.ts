import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openStore } from '../../adapters/content-store/open-store.ts';
import { openBuildCache } from '../../adapters/features/open-build-cache.ts';
import { openConfinedTables } from '../../adapters/features/open-confined-tables.ts';
import { openFeatureFiles } from '../../adapters/features/open-feature-files.ts';
import { openCommitTree } from '../../adapters/source-tree/open-commit-tree.ts';
import { openDirectoryTree } from '../../adapters/source-tree/open-directory-tree.ts';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import type { BuildPorts } from '../../pipelines/features/build-view.ts';
import type { Definitions } from '../../pipelines/features/definitions.ts';
import { featuresFolder, readDefinitions } from '../../pipelines/features/read-definitions.ts';
import type { Terminal } from '../verb.ts';

/** Options that every action on features has. */
export const featureOptions = {
  rev: {
    type: 'string',
    placeholder: 'REV',
    about: 'definitions and data of a commit, branch or tag [working directory]',
  },
  'data-remote': { type: 'string', placeholder: 'URL', about: 'store of the data behind pointers [data.remote]' },
} as const;

export type OpenedFeatures = {
  /** The checkout. */
  root: string;
  /** Folder for what is ours here and not git's. */
  folder: string;
  definitions: Definitions;
  ports: BuildPorts;
} & AsyncDisposable;

/** The definitions around the folder of the terminal, or those of a revision, with everything needed to build them. */
export async function openFeatures(
  values: { rev?: string | undefined; 'data-remote'?: string | undefined },
  terminal: Terminal,
): Promise<OpenedFeatures> {
  const root = await findRoot(terminal.directory);
  const folder = await ownFolder(root);
  const tree =
    values.rev === undefined
      ? { ...(await openDirectoryTree(root)), [Symbol.asyncDispose]: async () => undefined }
      : await openCommitTree(root, values.rev);
  try {
    const definitions = await readDefinitions(tree);
    const remote = values['data-remote'] ?? (await configuredRemote(root));
    const files = openFeatureFiles({
      root,
      tree,
      committed: values.rev !== undefined,
      store: remote === undefined || remote === '' ? null : openStore(remote),
      folder: join(folder, 'inputs'),
    });
    const spill = join(folder, 'tmp');
    return {
      root,
      folder,
      definitions,
      ports: {
        files,
        cache: openBuildCache(join(folder, 'views')),
        openConfined: (reads, writes) => openConfinedTables(reads, writes, { temporaryDirectory: spill }),
        progress: terminal.progress,
      },
      [Symbol.asyncDispose]: () => tree[Symbol.asyncDispose](),
    };
  } catch (fault) {
    await tree[Symbol.asyncDispose]();
    throw fault;
  }
}

/** The nearest folder at or above this one that holds definitions; where there is none, the one we stand in. */
export async function findRoot(directory: string): Promise<string> {
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    if ((await stat(join(folder, featuresFolder)).catch(() => null))?.isDirectory() === true) return folder;
    if (dirname(folder) === folder) return resolve(directory);
  }
}

/** `.pulltrain/features`, which keeps itself out of git. */
async function ownFolder(root: string): Promise<string> {
  const folder = join(root, '.pulltrain', 'features');
  await mkdir(join(folder, 'tmp'), { recursive: true });
  await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' }).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  });
  return folder;
}

async function configuredRemote(root: string): Promise<string | undefined> {
  const text = await readFile(join(root, 'pulltrain.yml'), 'utf8').catch(() => null);
  return text === null ? undefined : parseConfig(text, 'pulltrain.yml').data.remote;
}

/** Throws `features-missing` where nothing is defined, so that nobody wonders about an empty list. */
export function requireViews({ definitions, root }: OpenedFeatures): void {
  if (definitions.views.size > 0) return;
  throw new PulltrainError('features-missing', {
    what: 'no feature views are defined',
    where: join(root, featuresFolder),
    cure: 'Define some in features/*.yml; docs/features.md shows how.',
  });
}
