import { repository } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { botComments, checkOf, type FactView, fact, pullTitled } from './fact-view.ts';

export async function worseModelFacts(view: FactView): Promise<Fact[]> {
  const pull = await pullTitled(view, /^Train faster$/);
  const comments = pull === null ? [] : await botComments(view, pull.number);
  const check = pull === null ? null : await checkOf(view, pull.head.sha);
  const releases = await view.octokit.rest.repos.listReleases({ ...repository, per_page: 100 });
  return [
    fact('"Train faster" is still open', pull?.state === 'open' && pull.merged_at === null, pull?.state ?? 'none'),
    fact('its check is red', check?.conclusion === 'failure', check),
    fact(
      'the comment names the gate and by how much',
      /below base/.test(comments[0] ?? ''),
      (comments[0] ?? '').slice(0, 400),
    ),
    fact(
      'no release came of it',
      releases.data.length === 2,
      releases.data.map(({ tag_name }) => tag_name),
    ),
  ];
}
