import type { FeaturePin } from '../contracts/feature-pin.ts';
import type { FeatureChange } from '../contracts/judgement.ts';

/** Views, by service, whose definition or data differ between two models; what is the same in both is left out. */
export function featureChanges(base: readonly FeaturePin[], head: readonly FeaturePin[]): FeatureChange[] {
  const before = identities(base);
  const after = identities(head);
  const keys = [...new Set([...before.keys(), ...after.keys()])].sort();
  return keys.flatMap((key) => {
    const named = after.get(key) ?? before.get(key);
    const change = { base: before.get(key)?.identity ?? null, head: after.get(key)?.identity ?? null };
    if (named === undefined || change.base === change.head) return [];
    return [{ service: named.service, view: named.view, ...change }];
  });
}

/** A view whose data a stage makes has no version that git knows; then its definition stands for it. */
function identities(pins: readonly FeaturePin[]) {
  return new Map(
    pins.flatMap(({ service, views }) =>
      views.map(({ view, version, definition }) => [
        JSON.stringify([service, view]),
        { service, view, identity: version ?? definition },
      ]),
    ),
  );
}
