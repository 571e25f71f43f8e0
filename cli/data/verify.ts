import { join } from 'node:path';
import { rewritePack } from '../../adapters/content-store/collect-garbage.ts';
import { collectObjects } from '../../adapters/content-store/collect-objects.ts';
import { listTree } from '../../adapters/content-store/list-tree.ts';
import { localSource } from '../../adapters/content-store/local-source.ts';
import { digestParts, integrityOfHex, looseName } from '../../adapters/content-store/object-place.ts';
import { type Archive, openArchive } from '../../adapters/content-store/open-archive.ts';
import { quarantineLoose } from '../../adapters/content-store/put-loose.ts';
import { quarantinePack } from '../../adapters/content-store/quarantine-pack.ts';
import { type Verified, verifyStore } from '../../adapters/content-store/verify-store.ts';
import { openDirectoryRemote } from '../../adapters/remotes/open-directory-remote.ts';
import { openRemote } from '../../adapters/remotes/open-remote.ts';
import { findPointers } from '../../adapters/workspace/find-pointers.ts';
import type { Pointer } from '../../pipelines/contracts/pointer.ts';
import { formatBytes } from '../../pipelines/data/store/format-bytes.ts';
import { readRecords } from '../../pipelines/data/store/pack-index.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { dataRemote } from '../data-remote.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openProgress } from './open-progress.ts';
import { type DataRepository, openRepository } from './open-repository.ts';

const options = {
  remote: { type: 'string', about: 'read this remote instead of the local store ("" for data.remote)' },
  repair: {
    type: 'boolean',
    default: false,
    about: 'remote: take away what is damaged, so that data push brings it anew',
  },
} as const;

/** Reads all stored bytes again, names what is damaged and whose data that hits, and moves it out of the way. */
export async function verifyData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  using repository = await openRepository(terminal);
  const { root, store } = repository;
  const url = values.remote === undefined ? null : await dataRemote(values.remote, terminal, root);
  const remote = url === null ? openDirectoryRemote(store.root) : openRemote(url, terminal.environment);
  const archive = await openArchive(remote, store.root, Date.now());
  const report = openProgress(terminal, 'Verifying', 0);
  const verified = await verifyStore(archive, url === null ? store.root : null, report);
  const hit = await findHit(repository, await findPointers(root), new Set(verified.damaged));
  if (url === null) await moveAway(repository, verified);
  else if (values.repair) await takeAway(archive, verified, join(store.root, 'tmp'));
  const isSound = verified.damaged.length === 0 && verified.packs.length === 0;
  const { objects, bytes, damaged, packs } = verified;
  const cure =
    url === null
      ? 'The damage was moved to .pulltrain/cache/quarantine: pulltrain data pull brings the objects again.'
      : values.repair
        ? 'What is damaged was taken away: pulltrain data push brings it again from where it is.'
        : 'Run it with --repair where the data is, and then pulltrain data push.';
  terminal.answer(
    { remote: url, objects, bytes, damaged, packs, hit },
    [
      ...damaged.map((integrity) => terminal.paint('red', `damaged  ${integrity}`)),
      ...hit.map((path) => `hits     ${path}`),
      `${objects} objects, ${formatBytes(bytes)}: ${isSound ? 'all sound' : `${damaged.length} damaged. ${cure}`}`,
    ].join('\n'),
  );
  return isSound ? 0 : 1;
}

async function moveAway({ store }: DataRepository, { packs, loose }: Verified): Promise<void> {
  for (const pack of packs) await quarantinePack(store.root, pack);
  for (const integrity of loose) await quarantineLoose(store.root, integrity);
  await store.packs(true);
}

/** Takes what is damaged from a remote; the sound objects of a pack stay, in another one. */
async function takeAway(archive: Archive, { damaged, packs, loose }: Verified, scratch: string): Promise<void> {
  const bad = new Set(damaged);
  for (const pack of packs) {
    const index = archive.table.table.indexes[archive.table.packs.indexOf(pack)];
    const records = index === undefined ? [] : readRecords(index, pack);
    const integrities = records.map(({ digest }) => integrityOfHex(Buffer.from(digest).toString('hex')));
    const sound = integrities.filter((integrity) => !bad.has(integrity));
    await rewritePack(archive, pack, new Set(sound.map((integrity) => digestParts(integrity).hex)), scratch);
  }
  for (const integrity of loose) await archive.remote.remove(looseName(integrity));
}

/** Paths of data whose bytes are damaged; of a folder, the files. What cannot be told apart is named whole. */
async function findHit(
  { store }: DataRepository,
  pointers: ReadonlyMap<string, Pointer>,
  damaged: ReadonlySet<string>,
): Promise<string[]> {
  if (damaged.size === 0) return [];
  const hit: string[] = [];
  const source = await localSource(store);
  const touches = async (content: { type: 'file' | 'directory'; integrity: string }) => {
    const present = await collectObjects(source, [content]);
    return [...present].some((integrity) => damaged.has(integrity));
  };
  for (const [path, { type = 'file', integrity }] of pointers) {
    try {
      if (!(await touches({ type, integrity }))) continue;
      if (type === 'file') hit.push(path);
      else {
        const files = await listTree(store, integrity);
        for (const file of files) {
          if (damaged.has(file.integrity)) hit.push(`${path}/${file.path}`);
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof PulltrainError)) throw thrown;
      hit.push(path);
    }
  }
  return hit;
}
