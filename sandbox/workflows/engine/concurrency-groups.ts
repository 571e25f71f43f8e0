/** Who waits for or holds a group: `start` when it is its turn, `cancel` when another takes its place. */
type Holder = { id: number; start(): void; cancel(): void };

export type ConcurrencyGroups = {
  /** Starts at once when the group is free; otherwise waits and cancels who waited before, as GitHub does. */
  enter(group: string, holder: Holder, options: { cancelInProgress: boolean; queue: 'single' | 'max' }): void;
  leave(group: string, id: number): void;
};

const maxQueue = 100;

export function createConcurrencyGroups(): ConcurrencyGroups {
  const groups = new Map<string, { running: Holder; pending: Holder[] }>();
  return {
    enter(group, holder, { cancelInProgress, queue }) {
      const found = groups.get(group);
      if (found === undefined) {
        groups.set(group, { running: holder, pending: [] });
        holder.start();
        return;
      }
      const replaced = queue === 'single' ? found.pending : found.pending.slice(0, -maxQueue + 1);
      found.pending = [...found.pending.filter((one) => !replaced.includes(one)), holder];
      for (const one of replaced) one.cancel();
      if (cancelInProgress) found.running.cancel();
    },
    leave(group, id) {
      const found = groups.get(group);
      if (found === undefined) return;
      found.pending = found.pending.filter((one) => one.id !== id);
      if (found.running.id !== id) return;
      const next = found.pending.shift();
      if (next === undefined) groups.delete(group);
      else {
        found.running = next;
        next.start();
      }
    },
  };
}
