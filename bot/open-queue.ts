export type Queue = {
  /** Runs tasks of the same key one after the other. A task catches its own faults. */
  add(key: string, task: () => Promise<void>): void;
  /** Resolves when nothing runs or waits. */
  idle(): Promise<void>;
};

/** Serialises handlers per repository, so that two events at once do not both find no comment and both write one. */
export function openQueue(): Queue {
  const tails = new Map<string, Promise<void>>();
  return {
    add(key, task) {
      const before = tails.get(key) ?? Promise.resolve();
      const tail = before.then(task, task);
      tails.set(key, tail);
      void tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
    },
    async idle() {
      while (tails.size > 0) await Promise.all(tails.values());
    },
  };
}
