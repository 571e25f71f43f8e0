import { checkName } from '../../pipelines/publication/check-name.ts';
import type { PlannedAction } from '../../pipelines/publication/planned-action.ts';
import { applyPlan } from '../apply-plan.ts';
import type { PullRequestEvent } from '../events/pull-request-event.ts';
import type { BotPorts } from '../ports.ts';
import { readModels } from '../read-config.ts';

/** Journey "experiment", first step: every model's check appears at once, so that nobody wonders and nothing merges early. */
export async function handlePullRequest(event: PullRequestEvent, ports: BotPorts): Promise<void> {
  if (event.baseRef !== event.place.defaultBranch) return;
  const models = await readModels(ports.github, event.place);
  const plan = models.map(
    (model): PlannedAction => ({
      do: 'begin-check',
      name: checkName(model),
      headSha: event.headSha,
      title: 'Training and judging',
      summary: `The candidate for \`${model}\` is being trained and judged. The result replaces this text.`,
    }),
  );
  await applyPlan(plan, event.place, ports);
}
