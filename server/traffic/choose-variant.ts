import { createHash } from 'node:crypto';

/**
 * Who answers a request. The same key gets the same variant throughout a rollout, and whoever got the candidate at 2 %
 * keeps it at 25 %: the key's place on [0, 100) is fixed by the rollout, and the weight only moves the border.
 */
export function chooseVariant(key: string, rollout: string | null, weight: number): 'stable' | 'candidate' {
  if (weight <= 0) return 'stable';
  if (weight >= 100) return 'candidate';
  const hash = createHash('sha256')
    .update(`${rollout ?? ''}\0${key}`)
    .digest();
  return (hash.readUIntBE(0, 6) / 2 ** 48) * 100 < weight ? 'candidate' : 'stable';
}
