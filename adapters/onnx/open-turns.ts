/** Resolves when it is the caller's turn, with the way to end it. */
export type TakeTurn = () => Promise<() => void>;

/** One after the other, in the order in which they came. */
export function openTurns(): TakeTurn {
  let last = Promise.resolve();
  return async () => {
    const { promise, resolve: end } = Promise.withResolvers<void>();
    const before = last;
    last = promise;
    await before;
    return end;
  };
}
