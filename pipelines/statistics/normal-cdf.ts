import { normalSurvival } from './normal-survival.ts';

/** P(Z <= z) of the standard normal, exact in the lower tail too. */
export function normalCdf(z: number): number {
  return normalSurvival(-z);
}
