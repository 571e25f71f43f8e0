import { type Perturbation, perturbationKindSchema, type Robustness } from '../contracts/robustness.ts';

/** The worst of every kind that was tried, over all inputs. */
export function worstByKind(perturbations: readonly Perturbation[]): Robustness['byKind'] {
  return perturbationKindSchema.options.flatMap((kind) => {
    const own = perturbations.filter((one) => one.kind === kind);
    if (own.length === 0) return [];
    return [
      {
        kind,
        tried: own.length,
        failures: own.filter(({ failure }) => failure !== null).length,
        mostChanged: largest(own.map(({ changedDecisions }) => changedDecisions)),
        mostMoved: largest(own.map(({ move }) => move?.mean ?? null)),
        mostWorse: largest(own.map(({ worse }) => worse)),
      },
    ];
  });
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
