import type { ModelConfig } from '../config/schema.ts';
import type { Wear } from '../contracts/holdout-wear.ts';
import type { Problem } from '../contracts/judgement.ts';
import type { Uses } from './use-path.ts';
import { wearFactor } from './wear-factor.ts';

type Rule = Pick<ModelConfig['holdout'], 'data' | 'window' | 'fold' | 'wear'>;

/** What follows from how often a holdout has judged, and what a reviewer is told once that is too often. */
export function assessWear({ judged, since }: Uses, rule: Rule): { wear: Wear; warnings: Problem[] } {
  const { warn, limit } = rule.wear;
  const factor = wearFactor(judged, limit);
  const wear = { judged, since, warn, limit, factor };
  if (judged < warn && factor === 1) return { wear, warnings: [] };
  const used = `These rows have judged ${judged} other ${judged === 1 ? 'candidate' : 'candidates'}${since === null ? '' : ` since ${since}`}, and what passes is chosen by them more and more.`;
  const widened =
    factor === 1
      ? `After ${limit} the intervals of change are widened.`
      : `That is more than the ${limit} of the policy, so the intervals of change are ${factor.toFixed(1)} times as wide: an improvement counts when it is larger than what could be learned from the answers so far.`;
  return { wear, warnings: [{ code: 'holdout-worn', message: `${used} ${widened} ${cure(rule)}` }] };
}

function cure({ data, window, fold }: Rule): string {
  if (fold !== undefined && fold.use < fold.of) {
    return `/rotate-holdout proposes part ${fold.use + 1} of ${fold.of}, whose rows have judged nothing yet.`;
  }
  if (window !== undefined)
    return `Add newer labelled rows to ${data}: the window moves along, and counting begins anew.`;
  return `Add labelled rows that have judged nothing yet to ${data}, with holdout.fold so that some are kept for later.`;
}
