/** `Promise.all` that fails only once all are over, so that nothing goes on behind the clean-up. */
export async function allDone<Values extends readonly unknown[]>(
  promises: readonly [...{ [Index in keyof Values]: Promise<Values[Index]> }],
): Promise<{ [Index in keyof Values]: Values[Index] }> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
