import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { codeSpan } from './code-span.ts';
import { formatCount } from './format-number.ts';

/** Who was compared with whom, on which rows, and which bytes were judged: one line. */
export function identityLine({ evaluated }: Judgement): string {
  const { base, change, headEvaluation } = evaluated;
  const holdout = headEvaluation?.holdout;
  const parts = [
    base.tag === null
      ? 'Base: none'
      : `Base ${codeSpan(base.tag)}${base.commit === null ? '' : ` (${codeSpan(base.commit.slice(0, 7))})`}`,
    `Head ${codeSpan(change.headSha.slice(0, 7))}`,
    ...(holdout === undefined
      ? []
      : [
          `Holdout ${codeSpan(holdout.data)}${holdout.from === null || holdout.to === null ? '' : ` ${holdout.from} to ${holdout.to}`}, ${formatCount(holdout.rows)} rows, ${codeSpan(holdout.integrity.slice(0, 19))}`,
        ]),
    ...(headEvaluation === null ? [] : [`Model sha256 ${codeSpan(headEvaluation.sha256.slice(0, 12))}, **verified**`]),
  ];
  return parts.join(' · ');
}
