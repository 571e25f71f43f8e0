import { repository } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { botComments, checkOf, deploymentsOf, type FactView, fact, pullTitled } from './fact-view.ts';
import { releaseFacts } from './release-facts.ts';

const tag = 'flight-delay@v1.1.0';
const stepNames = ['shadow', '2 %', '25 %', '75 %', '100 %'];

export async function betterModelFacts(view: FactView): Promise<Fact[]> {
  const pull = await pullTitled(view, /7-day late rates/);
  const comments = pull === null ? [] : await botComments(view, pull.number);
  const comment = comments[0] ?? '';
  const check = pull === null ? null : await checkOf(view, pull.head.sha);
  const { facts, sha256 } = await releaseFacts(view, tag);
  const production = (await deploymentsOf(view, 'production', tag))[0];
  return [
    fact('"Add 7-day late rates by airport" is merged', pull?.merged_at != null, pull?.state ?? 'no such pull request'),
    fact('exactly one comment by the bot', comments.length === 1, comments.length),
    fact(
      'it compares with v1.0.0, with a 95 % interval',
      comment.includes('v1.0.0') && /95 % CI/.test(comment),
      comment.slice(0, 400),
    ),
    fact(
      'it says what changed in parameters',
      /origin_late_rate_7d/.test(comment) && /out\/train\.parquet/.test(comment),
      comment.length,
    ),
    fact(
      'it says which features are new',
      /Features: 1 changed/.test(comment) && /airport_late_rates_7d/.test(comment),
      comment.length,
    ),
    fact('it shows fairness by origin region', /origin_region/.test(comment), comment.length),
    fact('the check is green', check?.conclusion === 'success', check),
    fact(
      'the bytes that were judged are the bytes that were released',
      sha256 !== null && comment.includes(sha256),
      sha256,
    ),
    ...facts,
    fact(
      'production passed shadow, 2, 25, 75 and 100 percent in that order',
      inOrder(production?.descriptions ?? []),
      production?.descriptions,
    ),
    fact('nothing was trained after the merge', await trainedOnce(view, pull?.head.sha ?? ''), pull?.head.sha),
  ];
}

function inOrder(descriptions: readonly (string | null)[]): boolean {
  const places = stepNames.map((step) => descriptions.findIndex((text) => text?.includes(step) === true));
  return places.every((place, index) => place >= 0 && place > (places[index - 1] ?? -1));
}

async function trainedOnce(view: FactView, headSha: string): Promise<boolean> {
  const { data } = await view.octokit.rest.actions.listWorkflowRuns({
    ...repository,
    workflow_id: 'train.yml',
    per_page: 100,
  });
  return data.workflow_runs.filter(({ head_sha }) => head_sha === headSha).length === 1;
}
