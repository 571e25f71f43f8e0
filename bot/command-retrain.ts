import { selectModel } from '../pipelines/config/select-model.ts';
import { parseEpisodeMarker } from '../pipelines/monitoring/episode-marker.ts';
import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { Answer } from './handlers/handle-comment.ts';
import { openRetraining, type RetrainAsk } from './open-retraining.ts';
import type { BotPorts } from './ports.ts';
import { readConfig } from './read-config.ts';

/** `/retrain [model]` on an issue: one pull request with newer training data, judged like any other. */
export async function commandRetrain(named: string | null, event: IssueCommentEvent, ports: BotPorts): Promise<Answer> {
  const refused = (message: string): Answer => ({ outcome: 'refused', message, pull: null });
  if (event.onPullRequest) return refused('`/retrain` is for issues: a pull request trains with every push.');
  const config = await readConfig(ports.github, event.place);
  if (config === null) return refused('There is no `pulltrain.yml` on the default branch.');
  const { name, model } = selectModel(config, named ?? episodeModel(event, ports) ?? undefined);

  const ask: RetrainAsk = {
    on: 'command',
    cause: `comment-${event.comment}`,
    issue: event.issue,
    requestedBy: event.person ?? '',
  };
  const { pull, refusal } = await openRetraining(ask, { name, model }, event.place, ports);
  if (refusal !== null) return refused(refusal.message);
  return { outcome: 'done', message: `#${pull} retrains \`${name}\` on newer data.`, pull };
}

/** The model an issue is about, when the App itself opened it for an episode of drift. */
function episodeModel({ issueAuthor, issueBody }: IssueCommentEvent, { author }: BotPorts): string | null {
  return issueAuthor === author.login ? (parseEpisodeMarker(issueBody)?.model ?? null) : null;
}
