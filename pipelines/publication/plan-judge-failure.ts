import { checkName } from './check-name.ts';
import type { PlannedAction } from './planned-action.ts';

export type JudgeFailure = {
  headSha: string;
  /** Models of the default branch's configuration. */
  models: readonly string[];
  /** Models whose judgement of this head is recorded; a later failure does not take it away. */
  judged: readonly string[];
  /** A sentence of ours; never text of the run. */
  reason: string;
  url: string;
};

/** The judge itself broke: the check turns red and says where to look, so that nobody waits for ever. */
export function planJudgeFailure({ headSha, models, judged, reason, url }: JudgeFailure): PlannedAction[] {
  return models
    .filter((model) => !judged.includes(model))
    .map((model) => ({
      do: 'complete-check',
      name: checkName(model),
      headSha,
      result: {
        conclusion: 'failure',
        title: 'Could not be judged',
        summary: `${reason} See [the run](${url}); running it again gives this commit a new judgement.`,
        text: null,
        detailsUrl: url,
        externalId: null,
      },
    }));
}
