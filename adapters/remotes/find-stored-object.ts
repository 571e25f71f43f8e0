import { assetName, emptyName, partName, readAssetName } from './asset-names.ts';
import type { Asset, Shelf } from './release-shelves.ts';

/** An object and the assets that hold its bytes, in order; `seal` is the one that makes them an object. */
export type StoredObject = { size: number; pieces: Asset[]; seal: Asset | null; shelf: Shelf };

/** The object of that name among the published releases, null unless all of it is there. */
export function findStoredObject(shelves: readonly Shelf[], name: string): StoredObject | null {
  for (const shelf of shelves) {
    const found = shelf.isDraft ? null : findOn(shelf, name);
    if (found !== null) return found;
  }
  return null;
}

function findOn(shelf: Shelf, name: string): StoredObject | null {
  const only = shelf.assets.get(assetName(name));
  if (only?.isWhole === true) return { size: only.size, pieces: [only], seal: null, shelf };
  const empty = shelf.assets.get(emptyName(name));
  if (empty?.isWhole === true) return { size: 0, pieces: [], seal: empty, shelf };
  return shelf.assets.has(partName(name, 0)) ? findParts(shelf, name) : null;
}

function findParts(shelf: Shelf, name: string): StoredObject | null {
  for (const seal of shelf.assets.values()) {
    const meaning = readAssetName(seal.name);
    if (meaning?.kind !== 'seal' || meaning.object !== name || !seal.isWhole) continue;
    const pieces = Array.from({ length: meaning.parts }, (_, index) => shelf.assets.get(partName(name, index)));
    const whole = pieces.filter((piece) => piece !== undefined).filter(({ isWhole }) => isWhole);
    const size = whole.reduce((sum, piece) => sum + piece.size, 0);
    if (whole.length === meaning.parts && size === meaning.size) return { size, pieces: whole, seal, shelf };
  }
  return null;
}
