import type { ModelConfig } from '../pipelines/config/schema.ts';
import { editParameters } from '../pipelines/retraining/edit-parameters.ts';
import { planRetrain, type RetrainFacts, type RetrainRefusal } from '../pipelines/retraining/plan-retrain.ts';
import { retrainLabel } from '../pipelines/retraining/retrain-marker.ts';
import { applyPlan } from './apply-plan.ts';
import type { EventPlace } from './events/repository-event.ts';
import type { BotPorts } from './ports.ts';
import { readEarlierRetrains, readRetrainFacts } from './read-retrain-facts.ts';
import { retrainBody } from './views/retrain-body.ts';

export type RetrainAsk = Pick<RetrainFacts, 'on' | 'cause' | 'issue' | 'requestedBy'>;
export type Retraining = { pull: number | null; refusal: null } | { pull: null; refusal: RetrainRefusal };

/**
 * Opens the pull request with newer training data that a person or the watch asks for, or says why not. Asked again for
 * the same cause, it finds the pull request it has opened.
 */
export async function openRetraining(
  ask: RetrainAsk,
  { name, model }: { name: string; model: ModelConfig },
  place: EventPlace,
  ports: BotPorts,
): Promise<Retraining> {
  const facts = await readRetrainFacts(place, model, ports);
  const { request, opened, refusal } = planRetrain({
    ...ask,
    model: name,
    policy: model.retrain,
    parameters: facts.parameters,
    snapshots: facts.snapshots,
    earlier: await readEarlierRetrains(place, name, ports),
    now: ports.clock.now(),
  });
  if (refusal !== null) return { pull: null, refusal };
  if (opened !== null) return { pull: opened, refusal: null };

  const pull = {
    branch: request.branch,
    base: place.defaultBranch,
    from: facts.commit,
    message: `${request.title}\n\nAsked for by ${request.requestedBy} in #${request.issue}.`,
    title: request.title,
    body: retrainBody(request, { before: facts.parameters, cause: ask.cause }),
    label: retrainLabel,
    changes: [{ path: facts.parametersPath, content: editParameters(facts.parameters, request.parameters) }],
  };
  const [applied] = await applyPlan([{ do: 'open-pull-request', pull }], place, ports);
  return { pull: applied?.number ?? null, refusal: null };
}
