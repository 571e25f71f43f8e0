import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { describeVerdict } from './describe-verdict.ts';
import { plainLine } from './escape-markdown.ts';
import { fitSize } from './fit-size.ts';
import type { Links } from './links.ts';
import { renderReport, verdictHeading } from './render-report.ts';

export type CheckView = {
  title: string;
  summary: string;
  text: string;
  conclusion: 'success' | 'neutral' | 'failure';
};

/** Bytes; GitHub takes 65,535 characters each for summary and text. */
const CAP = 60_000;

/** The check run of a judgement: the sentence as its title, the table as its summary, everything else as its text. */
export function renderCheck(judgement: Judgement, links: Links = {}, { cap = CAP } = {}): CheckView {
  const { status } = judgement.verdict;
  const heading = `### ${verdictHeading(judgement)}`;
  const body = (amount: 'everything' | 'fewer-rows' | 'no-details' | 'verdict') => () =>
    [heading, ...renderReport(judgement, links, amount)].join('\n\n');
  return {
    title: plainLine(describeVerdict(judgement), 250),
    summary: fitSize([body('no-details'), body('verdict'), () => status], cap),
    text: fitSize([body('everything'), body('fewer-rows'), body('verdict'), () => status], cap),
    conclusion: status === 'pass' ? 'success' : status === 'inconclusive' ? 'neutral' : 'failure',
  };
}
