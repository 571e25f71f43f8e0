/** A pack, or an object of its own: what it holds and which of that is still named. */
export type Holding = { name: string; bytes: number; livingBytes: number; ageSeconds: number };

/** What a collection would do: leave alone, remove, or write anew without what nobody names. */
export type Collection = { remove: Holding[]; rewrite: Holding[]; tooYoung: Holding[] };

/**
 * Plans what is freed. What is younger than `grace` seconds stays, for its pointer may not be written yet. A pack that is
 * part garbage is written anew once a quarter of it would be freed.
 */
export function planCollection(holdings: readonly Holding[], grace: number): Collection {
  const plan: Collection = { remove: [], rewrite: [], tooYoung: [] };
  for (const holding of holdings) {
    const { bytes, livingBytes, ageSeconds } = holding;
    const isWhole = livingBytes >= bytes && bytes > 0;
    if (isWhole || (livingBytes > 0 && (bytes - livingBytes) * 4 < bytes)) continue;
    if (ageSeconds < grace) plan.tooYoung.push(holding);
    else (livingBytes === 0 ? plan.remove : plan.rewrite).push(holding);
  }
  return plan;
}
