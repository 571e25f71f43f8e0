import { listOwnIssues } from '../../adapters/issues/list-own-issues.ts';
import { driftReportSchema } from '../../pipelines/contracts/drift-report.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { driftingEpisode, driftLabel, driftPath, planEpisode } from '../../pipelines/monitoring/plan-episode.ts';
import { renderDriftIssue } from '../../reports/render-drift-issue.ts';
import { applyPlan } from '../apply-plan.ts';
import type { WorkflowRunEvent } from '../events/workflow-run-event.ts';
import { isTrustedRun } from '../is-trusted-run.ts';
import type { BotPorts } from '../ports.ts';
import { readArtifact } from '../read-artifact.ts';
import { retrainOnDrift } from '../retrain-on-drift.ts';

const watch = {
  workflow: '.github/workflows/watch.yml',
  causes: ['schedule', 'workflow_dispatch', 'repository_dispatch'],
};

/** Journey "watch", last step: a drift report becomes a record and, while it says drift, one issue that may retrain. */
export async function handleWatchRun(event: WorkflowRunEvent, ports: BotPorts): Promise<void> {
  if (!(await isTrustedRun(event, watch, ports))) return;
  const { owner, repo } = event.place;
  const document = await readArtifact(ports.github, event.place, {
    runId: event.runId,
    name: 'pulltrain-drift',
    file: 'drift-report.json',
    allowed: ['drift-report.json'],
  });
  const report = driftReportSchema.parse(document);
  if (report.repository.toLowerCase() !== `${owner}/${repo}`.toLowerCase()) {
    throw new PulltrainError('drift-report-foreign', { what: 'the report is about another repository' });
  }
  const path = driftPath(report);
  const recorded = path === null ? null : await ports.ledger.read(path);
  const issues = await listOwnIssues(ports.github, { owner, repo }, driftLabel, ports.author);
  const episodes = issues.filter(({ pullRequest }) => !pullRequest);
  const plan = planEpisode(
    report,
    driftReportSchema.safeParse(recorded).data ?? null,
    episodes,
    renderDriftIssue(report, { watch: event.url }),
  );
  const applied = await applyPlan(plan, event.place, ports);
  const opened = applied.find(({ action }) => action.do === 'open-issue')?.number;
  const episode = opened ?? driftingEpisode(report, episodes)?.number;
  if (episode !== undefined) await retrainOnDrift(report, episode, event.place, ports);
}
