import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { annotateCheck, type CheckAnnotation } from './annotate-check.ts';
import { describeVerdict } from './describe-verdict.ts';
import { plainLine } from './escape-markdown.ts';
import { fitSize } from './fit-size.ts';
import type { Links } from './links.ts';
import { type Amount, renderFindings, renderSections } from './render-report.ts';

export type CheckView = {
  title: string;
  summary: string;
  text: string | null;
  conclusion: 'success' | 'neutral' | 'failure';
  annotations: CheckAnnotation[];
};

/** Bytes; GitHub takes 65,535 characters each for summary and text. */
const CAP = 60_000;

/**
 * The check run of a judgement. A page shows title, summary and text one below the other, so nothing is said twice: the
 * sentence as its title, the findings as its summary, the collapsed sections as its text.
 */
export function renderCheck(judgement: Judgement, links: Links = {}, { cap = CAP } = {}): CheckView {
  const { status } = judgement.verdict;
  const findings = (amount: Amount) => () => renderFindings(judgement, links, amount).join('\n\n');
  const sections = (amount: Amount) => () => renderSections(judgement, links, amount).join('\n\n');
  const text = fitSize([sections('everything'), sections('fewer-rows'), () => ''], cap);
  return {
    title: plainLine(describeVerdict(judgement), 250),
    summary: fitSize([findings('everything'), findings('few-reasons'), findings('verdict'), () => status], cap),
    text: text === '' ? null : text,
    conclusion: status === 'pass' ? 'success' : status === 'inconclusive' ? 'neutral' : 'failure',
    annotations: annotateCheck(judgement),
  };
}
