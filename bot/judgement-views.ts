import { commandsOn } from '../pipelines/commands/command-list.ts';
import type { Judgement } from '../pipelines/contracts/judgement.ts';
import { integrityOfDocument } from '../pipelines/integrity.ts';
import type { JudgementViews } from '../pipelines/publication/plan-judgement.ts';
import { renderCheck } from '../reports/render-check.ts';
import { renderComment, reportMarker } from '../reports/render-comment.ts';

/**
 * A judgement as people see it. `judgeUrl` is the page of the run that made it, `page` its artifact with the whole report;
 * null when it has none.
 */
export function judgementViews(judgement: Judgement, judgeUrl: string, page: number | null): JudgementViews {
  // Pages of runs lie side by side.
  const links = {
    judge: judgeUrl,
    train: new URL(String(judgement.evaluated.artifact.runId), judgeUrl).href,
    page: page === null ? undefined : `${judgeUrl}/artifacts/${page}`,
  };
  const { title, summary, text, conclusion, annotations } = renderCheck(judgement, links);
  return {
    marker: reportMarker(judgement.model),
    comment: renderComment(judgement, links, { commands: commandsOn('pull request') }),
    check: {
      conclusion,
      title,
      summary,
      text,
      annotations,
      detailsUrl: judgeUrl,
      externalId: integrityOfDocument(judgement),
    },
  };
}
