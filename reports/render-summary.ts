import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { fitSize } from './fit-size.ts';
import type { Links } from './links.ts';
import { renderReport, verdictHeading } from './render-report.ts';

/** Bytes; a job summary over 1 MiB is dropped whole. */
const CAP = 900_000;

/** The job summary: the whole report without the marks that a comment needs. */
export function renderSummary(judgement: Judgement, links: Links = {}, { cap = CAP } = {}): string {
  const body = (amount: 'everything' | 'fewer-rows' | 'few-reasons' | 'verdict') => () =>
    `${[`## ${verdictHeading(judgement)}`, ...renderReport(judgement, links, amount)].join('\n\n')}\n`;
  return fitSize([body('everything'), body('fewer-rows'), body('few-reasons'), body('verdict')], cap);
}
