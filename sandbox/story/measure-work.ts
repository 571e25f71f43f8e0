import type { Octokit } from '@octokit/rest';
import type { Judgement } from '../../pipelines/contracts/judgement.ts';
import { listJudged, readJudgement } from './read-ledger.ts';

/** Seconds that belong to the user's own work in one judgement: their stages, and both models while they run. */
export type Work = { title: string; headSha: string; training: number; scoring: number };

/** What each judged pull request spent on training and scoring, by the ledger. */
export async function measureWork(octokit: Octokit): Promise<Work[]> {
  const heads = await listJudged(octokit);
  const judgements = await Promise.all(heads.map((headSha) => readJudgement(octokit, headSha)));
  return judgements.flatMap((judgement) => (judgement === null ? [] : [workOf(judgement)]));
}

function workOf({ evaluated }: Judgement): Work {
  return {
    title: evaluated.change.title,
    headSha: evaluated.change.headSha,
    training: (evaluated.run?.stages ?? []).reduce((sum, { seconds }) => sum + seconds, 0),
    scoring: [evaluated.baseEvaluation, evaluated.headEvaluation].reduce(
      (sum, evaluation) => sum + (evaluation?.cost?.modelSeconds ?? 0),
      0,
    ),
  };
}
