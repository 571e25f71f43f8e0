import { repository } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { botComments, checkOf, type FactView, fact, pullTitled } from './fact-view.ts';
import { releaseFacts } from './release-facts.ts';

export async function firstModelFacts(view: FactView): Promise<Fact[]> {
  const pull = await pullTitled(view, /^First model$/);
  const comments = pull === null ? [] : await botComments(view, pull.number);
  const check = pull === null ? null : await checkOf(view, pull.head.sha);
  const { facts, sha256 } = await releaseFacts(view, 'flight-delay@v1.0.0');
  const runs = await view.octokit.rest.actions.listWorkflowRunsForRepo({ ...repository, per_page: 100 });
  return [
    fact(
      'no workflow run failed, not even the push before there was a pipeline',
      runs.data.workflow_runs.length > 3 && runs.data.workflow_runs.every(({ conclusion }) => conclusion !== 'failure'),
      runs.data.workflow_runs.map(({ name, conclusion }) => `${name} ${conclusion}`),
    ),
    fact('"First model" is merged', pull?.merged_at != null, pull?.state ?? 'no such pull request'),
    fact(
      'one comment says there was no base to compare with',
      comments.length === 1 && /no base/i.test(comments[0] ?? ''),
      comments,
    ),
    fact('the check is green', check?.conclusion === 'success', check),
    fact(
      'the comment names the sha256 that was released',
      sha256 !== null && comments[0]?.includes(sha256) === true,
      sha256,
    ),
    ...facts,
  ];
}
