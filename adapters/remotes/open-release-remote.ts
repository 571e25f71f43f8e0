import { PulltrainError } from '../../pipelines/errors.ts';
import type { ObjectRemote, RemoteObject } from '../../pipelines/ports/object-remote.ts';
import { isStatus } from '../github/is-status.ts';
import { assetName, emptyName, partName, readAssetName, sealName } from './asset-names.ts';
import { cutPieces, type Piece, requireUnchanged, type Source, sizeOf } from './cut-pieces.ts';
import { explainGitHubFailure } from './explain-github-failure.ts';
import { findStoredObject, type StoredObject } from './find-stored-object.ts';
import type { Environment } from './open-remote.ts';
import { digestOfPiece, openShelves, type ReleasePlace, type Shelf } from './release-shelves.ts';
import { requireObjectName } from './require-object-name.ts';

const mebibyte = 1024 ** 2;
/** Bytes; GitHub takes assets below 2 GiB, and what was interrupted goes on with the next part. */
const usualPart = 512 * mebibyte;
const largestPart = 2048 * mebibyte - 1;
/** A release takes 1000 assets; the rest is left for those who write at the same time. */
const mostAssets = 980;

/**
 * Objects as assets of published releases `<prefix>-1`, `<prefix>-2`, ..., so that whoever may read the repository may read
 * them. Large ones go in parts, and appear with the small asset that is written after all of them. Where releases can be
 * changed after publication, one release takes objects until it is full. Where they are immutable, every object gets a
 * release of its own, filled as a draft. Interrupted writes go on with the parts that are there already. What others wrote
 * since the first look is seen by `read` and `write`.
 */
export function openReleaseRemote(
  place: ReleasePlace,
  environment: Environment,
  { partBytes = usualPart }: { partBytes?: number } = {},
): ObjectRemote {
  const address = `github-release://${place.owner}/${place.repo}/${place.prefix}`;
  const limits = { length: partBytes, largest: largestPart, most: mostAssets - 1 };
  const shelves = openShelves(place, environment);
  let loaded: Promise<Shelf[]> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  /** Assets that writes under way will add. */
  const promised = new Map<Shelf, number>();

  function load(again = false): Promise<Shelf[]> {
    if (loaded === undefined || again) loaded = shelves.load();
    return loaded;
  }

  async function guard<Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (cause) {
      throw explainGitHubFailure(cause, what, address);
    }
  }

  /** Writers wait for the first one's new release, and add to it when it takes more. */
  function inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  async function locate(name: string): Promise<StoredObject | null> {
    requireObjectName(name);
    return findStoredObject(await load(), name);
  }

  async function send(shelf: Shelf, name: string, source: Source): Promise<void> {
    const pieces = cutPieces(source, limits);
    if (pieces.length === 0) return put(shelf, emptyName(name), Buffer.from('empty'));
    const only = pieces.length === 1 ? pieces[0] : undefined;
    if (only !== undefined) return put(shelf, assetName(name), only);
    for (const [index, piece] of pieces.entries()) await put(shelf, partName(name, index), piece);
    const seal = JSON.stringify({ kind: 'parts', version: 1, object: name, parts: pieces.length });
    await put(shelf, sealName(name, sizeOf(source), pieces.length), Buffer.from(seal));
  }

  async function put(shelf: Shelf, name: string, piece: Piece): Promise<void> {
    const there = shelf.assets.get(name);
    if (there !== undefined) {
      if (there.isWhole && there.digest !== null && there.digest === (await digestOfPiece(piece))) return;
      await shelves.removeAsset(there.id);
      shelf.assets.delete(name);
    }
    try {
      shelf.assets.set(name, await shelves.upload(shelf, name, piece));
    } catch (cause) {
      // Another writer, or an upload of ours whose answer was lost, has put something there.
      if (!isStatus(cause, 422) || there !== undefined) throw cause;
      shelf.assets = await shelves.listAssets(shelf.id);
      if (!shelf.assets.has(name)) throw cause;
      await put(shelf, name, piece);
    }
  }

  /** Adds to a release that takes more; false when there is none. */
  async function addToOpen(name: string, source: Source): Promise<boolean> {
    const needed = cutPieces(source, limits).length + 1;
    const usedOf = (shelf: Shelf) => shelf.assets.size + (promised.get(shelf) ?? 0);
    const open = (await load()).find((one) => !one.isDraft && !one.isImmutable && usedOf(one) + needed <= mostAssets);
    if (open === undefined) return false;
    promised.set(open, (promised.get(open) ?? 0) + needed);
    try {
      await send(open, name, source);
    } finally {
      promised.set(open, (promised.get(open) ?? 0) - needed);
    }
    return true;
  }

  async function addAsDraft(name: string, source: Source): Promise<void> {
    const all = await load();
    const next = Math.max(0, ...all.map(({ number }) => number)) + 1;
    // A draft with this title was left by an interrupted write of the same object.
    const left = all.find((one) => one.isDraft && one.title === name);
    const draft = left ?? (await shelves.draft(next, name));
    if (left === undefined) all.push(draft);
    await send(draft, name, source);
    all.splice(all.indexOf(draft), 1, await shelves.publish(draft));
  }

  return {
    address,
    size: (name) => guard(`cannot look for ${name}`, async () => (await locate(name))?.size ?? null),

    async *list(prefix) {
      const all = await guard('the releases cannot be listed', () => load(true));
      const names = new Set<string>();
      for (const name of all.flatMap(({ assets }) => [...assets.keys()])) {
        const meaning = readAssetName(name);
        if (meaning !== null && meaning.kind !== 'part' && meaning.object.startsWith(prefix)) names.add(meaning.object);
      }
      for (const name of names) {
        const found = findStoredObject(all, name);
        if (found !== null) yield { name, size: found.size } satisfies RemoteObject;
      }
    },

    async *read(name, { start = 0, end } = { start: 0 }) {
      requireObjectName(name);
      if (end !== undefined && end <= start) return;
      const what = `cannot read ${name}`;
      const found = await guard(what, async () => (await locate(name)) ?? findStoredObject(await load(true), name));
      if (found === null) {
        throw new PulltrainError('object-missing', {
          what: `the remote has no ${name}`,
          where: address,
          cure: 'Push it from where it was made (pulltrain data push), or name another remote.',
        });
      }
      try {
        let offset = 0;
        for (const piece of found.pieces) {
          const from = Math.max(start - offset, 0);
          const to = Math.min((end ?? found.size) - offset, piece.size);
          if (to > from) yield* shelves.read(piece, { start: from, end: to });
          offset += piece.size;
        }
      } catch (cause) {
        throw explainGitHubFailure(cause, what, address);
      }
    },

    async write(name, source) {
      requireObjectName(name);
      await requireUnchanged(source);
      await guard(`${name} could not be written`, async () => {
        if ((await locate(name)) !== null || (await addToOpen(name, source))) return;
        await inTurn(async () => (await addToOpen(name, source)) || (await addAsDraft(name, source)));
      });
    },

    async remove(name) {
      requireObjectName(name);
      await guard(`${name} could not be removed`, async () => {
        const found = findStoredObject(await load(true), name);
        if (found === null) return;
        const { shelf, seal: first, pieces } = found;
        const gone = [...(first === null ? [] : [first]), ...pieces];
        if (shelf.isImmutable && gone.length === shelf.assets.size) await shelves.removeShelf(shelf.id);
        // The seal first: from then on nobody reads the parts.
        else for (const { id } of gone) await shelves.removeAsset(id);
        loaded = undefined;
      });
    },
  };
}
