/** Where several wait for each other: `come` resolves when all have come. Coming twice is coming once. */
export type Gate = { come(): Promise<void> };

/** A gate for so many, each with an entrance of its own; `opened` is told once all have come. */
export function openGate(members: number, opened: () => void): Gate[] {
  const { promise, resolve } = Promise.withResolvers<void>();
  const missing = new Set(Array.from({ length: members }).keys());
  return [...missing].map((member) => ({
    come() {
      if (missing.delete(member) && missing.size === 0) {
        opened();
        resolve();
      }
      return promise;
    },
  }));
}
