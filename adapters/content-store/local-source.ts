import type { ObjectSource } from './collect-objects.ts';
import { type LocalStore, readSegment, type StoredObject } from './open-local-store.ts';

/** The objects of a store, in packs as they were at its last look. */
export function localSource(store: LocalStore): ObjectSource<StoredObject> {
  return { find: (integrity) => store.find(integrity, false), bytes: readSegment };
}
