import { z } from 'zod';
import { readJudgement } from '../read-ledger.ts';
import { repository } from '../story.ts';
import type { Fact } from '../timeline.ts';
import { botLogin, checkOf, type FactView, fact, pullTitled } from './fact-view.ts';
import { releaseFacts } from './release-facts.ts';

export async function retrainFacts(view: FactView): Promise<Fact[]> {
  const pull = await pullTitled(view, /^Retrain flight-delay/);
  const headSha = pull?.head.sha ?? '';
  const check = await checkOf(view, headSha);
  const issues = await view.octokit.rest.issues.listForRepo({ ...repository, labels: 'drift', state: 'all' });
  const { facts } = await releaseFacts(view, 'flight-delay@v1.2.0');
  const judgement = await readJudgement(view.octokit, headSha);
  const holdout = judgement?.evaluated.headEvaluation?.holdout;
  const trainedTo = z
    .string()
    .nullable()
    .catch(null)
    .parse(judgement?.evaluated.run?.parameters['train.to'] ?? null);
  return [
    fact(
      'the retraining pull request was opened by the bot and merged',
      pull?.user?.login === botLogin && pull.merged_at !== null,
      pull?.user?.login ?? 'none',
    ),
    fact('its check is green', check.conclusion === 'success', check),
    fact(
      'it was compared with v1.1.0',
      judgement?.evaluated.base.tag === 'flight-delay@v1.1.0',
      judgement?.evaluated.base ?? 'no judgement',
    ),
    fact(
      'the holdout moved forward to June',
      holdout?.from === '2001-06-01' && holdout.to === '2001-06-15',
      holdout ?? 'none',
    ),
    fact(
      'neither model was trained on the days that judged',
      trainedTo !== null && holdout?.from != null && trainedTo < holdout.from,
      trainedTo,
    ),
    fact(
      'the drift issue is closed by it',
      issues.data.every(({ state }) => state === 'closed'),
      issues.data.map(({ state }) => state),
    ),
    ...facts,
  ];
}
