import type { Wear } from '../pipelines/contracts/holdout-wear.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { baseText } from './base-text.ts';
import { codeSpan } from './code-span.ts';
import { formatCount } from './format-number.ts';

/** Who was compared with whom, on which rows, which bytes were judged, and by whom the numbers were made: one line. */
export function identityLine({ evaluated }: Judgement): string {
  const { base, change, headEvaluation } = evaluated;
  const holdout = headEvaluation?.holdout;
  const parts = [
    `Head ${codeSpan(change.headSha.slice(0, 7))}`,
    baseText(base),
    ...(holdout === undefined
      ? []
      : [
          `Holdout ${codeSpan(holdout.data)}${holdout.from === null || holdout.to === null ? '' : `, ${holdout.from} to ${holdout.to}`}, ${formatCount(holdout.rows)} rows${wearText(evaluated.wear)}`,
        ]),
    ...(headEvaluation === null
      ? []
      : [
          `Model sha256 ${codeSpan(headEvaluation.sha256.slice(0, 12))}`,
          '**Verified**: measured by the default branch, not by the training job',
        ]),
  ];
  return parts.join(' · ');
}

/** How often these rows have judged: the more often, the less what they say means. */
function wearText(wear: Wear | undefined): string {
  if (wear === undefined) return '';
  if (wear.judged === 0) return ', which judged no other candidate yet';
  const since = wear.since === null ? '' : ` since ${wear.since}`;
  return `, which judged ${formatCount(wear.judged)} other ${wear.judged === 1 ? 'candidate' : 'candidates'}${since}`;
}
