import { repository } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { botLogin, type FactView, fact } from './fact-view.ts';

export async function worldMovesFacts(view: FactView): Promise<Fact[]> {
  const issues = await view.octokit.rest.issues.listForRepo({ ...repository, labels: 'drift', state: 'all' });
  const issue = issues.data[0];
  const runs = await view.octokit.rest.actions.listWorkflowRuns({ ...repository, workflow_id: 'watch.yml' });
  return [
    fact(
      'the watch ran on its schedule, twice',
      runs.data.workflow_runs.filter(({ event, conclusion }) => event === 'schedule' && conclusion === 'success')
        .length === 2,
      runs.data.workflow_runs.map(({ event, conclusion }) => `${event} ${conclusion}`),
    ),
    fact(
      'there is exactly one drift issue, written by the bot',
      issues.data.length === 1 && issue?.user?.login === botLogin,
      issues.data.length,
    ),
    fact(
      'it says what drifted and by how much',
      /late_rate_7d/.test((issue?.body ?? '').replaceAll('\\', '')),
      (issue?.body ?? '').slice(0, 400),
    ),
    fact('it says what to do', /\/retrain/.test(issue?.body ?? ''), (issue?.body ?? '').slice(-300)),
  ];
}
