import { selectModel } from '../pipelines/config/select-model.ts';
import { parseEpisodeMarker } from '../pipelines/monitoring/episode-marker.ts';
import { editParameters } from '../pipelines/retraining/edit-parameters.ts';
import { planRetrain } from '../pipelines/retraining/plan-retrain.ts';
import { retrainLabel } from '../pipelines/retraining/retrain-marker.ts';
import { applyPlan } from './apply-plan.ts';
import type { IssueCommentEvent } from './events/issue-comment-event.ts';
import type { Answer } from './handlers/handle-comment.ts';
import type { BotPorts } from './ports.ts';
import { readConfig } from './read-config.ts';
import { readEarlierRetrains, readRetrainFacts } from './read-retrain-facts.ts';
import { retrainBody } from './views/retrain-body.ts';

/** `/retrain [model]` on an issue: one pull request with newer training data, judged like any other. */
export async function commandRetrain(named: string | null, event: IssueCommentEvent, ports: BotPorts): Promise<Answer> {
  const refused = (message: string): Answer => ({ outcome: 'refused', message, pull: null });
  if (event.onPullRequest) return refused('`/retrain` is for issues: a pull request trains with every push.');
  const config = await readConfig(ports.github, event.place);
  if (config === null) return refused('There is no `pulltrain.yml` on the default branch.');
  const { name, model } = selectModel(config, named ?? episodeModel(event, ports) ?? undefined);

  const cause = `comment-${event.comment}`;
  const facts = await readRetrainFacts(event.place, model, ports);
  const { request, refusal } = planRetrain({
    model: name,
    policy: model.retrain,
    cause: 'command',
    parameters: facts.parameters,
    snapshots: facts.snapshots,
    earlier: await readEarlierRetrains(event.place, name, cause, ports),
    now: ports.clock.now(),
    issue: event.issue,
    requestedBy: event.person ?? '',
  });
  if (request === null) return refused(refusal.message);

  const [applied] = await applyPlan(
    [
      {
        do: 'open-pull-request',
        pull: {
          branch: request.branch,
          base: event.place.defaultBranch,
          from: facts.commit,
          message: `${request.title}\n\nAsked for by ${request.requestedBy} in #${event.issue}.`,
          title: request.title,
          body: retrainBody(request, { before: facts.parameters, cause }),
          label: retrainLabel,
          changes: [{ path: facts.parametersPath, content: editParameters(facts.parameters, request.parameters) }],
        },
      },
    ],
    event.place,
    ports,
  );
  const pull = applied?.number ?? null;
  return { outcome: 'done', message: `#${pull} retrains \`${name}\`: ${request.title}.`, pull };
}

/** The model an issue is about, when the App itself opened it for an episode of drift. */
function episodeModel({ issueAuthor, issueBody }: IssueCommentEvent, { author }: BotPorts): string | null {
  return issueAuthor === author.login ? (parseEpisodeMarker(issueBody)?.model ?? null) : null;
}
