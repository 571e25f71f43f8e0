import type { ModelConfig } from '../pipelines/config/schema.ts';
import type { DriftReport } from '../pipelines/contracts/drift-report.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { applyPlan } from './apply-plan.ts';
import type { EventPlace } from './events/repository-event.ts';
import { openRetraining } from './open-retraining.ts';
import type { BotPorts } from './ports.ts';
import { readConfig } from './read-config.ts';
import { quoteFault } from './views/quote-fault.ts';

/** By it the one comment is found that says what the watch's asking came to; it is kept true, not said again. */
const marker = '<!-- pulltrain:episode-retraining -->';

/**
 * Journey "watch", when policy lets `drift` retrain: an open episode asks for its retraining with every run, and gets
 * one pull request at most. `issue` is the episode's.
 */
export async function retrainOnDrift(
  { model: name }: DriftReport,
  issue: number,
  place: EventPlace,
  ports: BotPorts,
): Promise<void> {
  const models = (await readConfig(ports.github, place))?.models ?? {};
  const model = Object.hasOwn(models, name) ? models[name] : undefined;
  if (!model?.retrain?.on.includes('drift')) return;
  const message = await ask(issue, { name, model }, place, ports);
  if (message === null) return;
  await applyPlan([{ do: 'upsert-comment', issue, marker, body: `${marker}\n${message}\n` }], place, ports);
}

/** What the issue should say, or null when a person's `/retrain` on it has said it. */
async function ask(
  issue: number,
  named: { name: string; model: ModelConfig },
  place: EventPlace,
  ports: BotPorts,
): Promise<string | null> {
  const wanting = `While the drift lasts, the watch asks for a retraining of \`${named.name}\` with every run. For now none is opened:`;
  try {
    const { pull, refusal } = await openRetraining(
      { on: 'drift', cause: `episode-${issue}`, issue, requestedBy: 'the watch' },
      named,
      place,
      ports,
    );
    if (refusal === null) return `The watch asked for a retraining: #${pull} retrains \`${named.name}\` on newer data.`;
    return refusal.code === 'episode-answered' ? null : `${wanting}\n\n${refusal.message}`;
  } catch (error) {
    if (error instanceof PulltrainError) return `${wanting}\n\n${quoteFault(error)}`;
    throw error;
  }
}
