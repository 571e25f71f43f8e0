/**
 * Does the work for every item, at most `lanes` at a time. After the first fault nothing new is begun; it is thrown when
 * what was under way has ended, so that nothing goes on behind the caller's back.
 */
export async function inLanes<Item>(
  items: Iterable<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const faults: unknown[] = [];
  const waiting = items[Symbol.iterator]();
  const lane = async () => {
    for (let next = waiting.next(); next.done !== true && faults.length === 0; next = waiting.next()) {
      try {
        await work(next.value);
      } catch (fault) {
        faults.push(fault);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (faults.length > 0) throw faults[0];
}
