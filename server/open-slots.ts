import { PulltrainError } from '../pipelines/errors.ts';
import type { Clock } from '../pipelines/ports/clock.ts';
import type { ModelStore } from './models/open-model-store.ts';
import { openSlot, type Slot } from './models/open-slot.ts';

export type Slots = {
  all(): readonly Slot[];
  /** Throws `model-unknown`. */
  find(model: string): Slot;
  /** The model's slot, made when it is new. */
  make(model: string): Promise<Slot>;
  close(): Promise<void>;
};

/** Every model that the store knows, serving what it served when the server last ran. */
export async function openSlots(store: ModelStore, clock: Clock): Promise<Slots> {
  const slots = new Map<string, Promise<Slot>>();
  const open: Slot[] = [];
  for (const model of await store.models()) await make(model);

  function make(model: string): Promise<Slot> {
    const known = slots.get(model);
    if (known !== undefined) return known;
    const opening = openSlot(model, store, clock).then((slot) => {
      open.push(slot);
      return slot;
    });
    slots.set(model, opening);
    opening.catch(() => slots.delete(model));
    return opening;
  }

  return {
    all: () => open,
    find(model) {
      const slot = open.find(({ name }) => name === model);
      if (slot !== undefined) return slot;
      throw new PulltrainError('model-unknown', {
        what: 'Request for unknown model',
        seen: model.slice(0, 100),
        allowed: open.map(({ name }) => name).join(', ') || 'none yet',
      });
    },
    make,
    async close() {
      await Promise.all(open.map((slot) => slot.close()));
    },
  };
}
