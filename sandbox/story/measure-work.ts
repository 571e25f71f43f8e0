import type { Octokit } from '@octokit/rest';
import { type Judgement, judgementSchema } from '../../pipelines/contracts/judgement.ts';
import { model, repository } from './story.ts';

/** Seconds that belong to the user's own work in one judgement: their stages, and scoring both models once. */
export type Work = { title: string; headSha: string; training: number; scoring: number };

/** What each judged pull request spent on training and scoring, by the ledger. */
export async function measureWork(octokit: Octokit): Promise<Work[]> {
  const folder = await octokit.rest.repos
    .getContent({ ...repository, path: `judgements/${model}`, ref: 'ledger' })
    .catch(() => null);
  if (folder === null || !Array.isArray(folder.data)) return [];
  const judgements = await Promise.all(folder.data.map(({ path }) => readJudgement(octokit, path)));
  return judgements.map(({ evaluated }) => ({
    title: evaluated.change.title,
    headSha: evaluated.change.headSha,
    training: (evaluated.run?.stages ?? []).reduce((sum, { seconds }) => sum + seconds, 0),
    scoring: [evaluated.baseEvaluation, evaluated.headEvaluation].reduce(
      (sum, evaluation) => sum + (evaluation === null ? 0 : evaluation.holdout.rows / evaluation.cost.rowsPerSecond),
      0,
    ),
  }));
}

async function readJudgement(octokit: Octokit, path: string): Promise<Judgement> {
  const { data } = await octokit.rest.repos.getContent({
    ...repository,
    path,
    ref: 'ledger',
    mediaType: { format: 'raw' },
  });
  // The raw format answers with the file's text, which the generated type does not know.
  const text: unknown = data;
  return judgementSchema.parse(JSON.parse(String(text)));
}
