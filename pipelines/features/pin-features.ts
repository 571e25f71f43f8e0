import type { FeaturePin } from '../contracts/feature-pin.ts';
import type { SourceTree } from '../ports/source-tree.ts';
import type { FeatureFiles } from './feature-ports.ts';
import { findJoins } from './find-joins.ts';
import { identifyService, identifyViews, requirePins } from './identify-views.ts';
import { pickService } from './pick-service.ts';
import { readDefinitions } from './read-definitions.ts';

export type PinSubject = {
  /** Commands of the stages that lead to the model, after templating. */
  stages: readonly { commands: readonly string[] }[];
  /** `serve.features` of the model. */
  served: string | undefined;
};

/**
 * The feature services that a model is trained on, or served with, and the versions of their views: those that a stage
 * joins with `pulltrain features join`, and the one of `serve.features`. Read from the tree alone, so that the trusted side
 * needs neither data nor the word of the training job. Throws `features-invalid`, `service-unknown` or `features-unknown`.
 */
export async function pinFeatures(
  { stages, served }: PinSubject,
  ports: { tree: SourceTree; identify: FeatureFiles['identify'] },
): Promise<FeaturePin[]> {
  const joins = findJoins(stages.flatMap(({ commands }) => commands));
  const wanted = [...joins, ...(served === undefined ? [] : [{ service: served }])];
  if (wanted.length === 0) return [];
  const definitions = await readDefinitions(ports.tree);
  const services = wanted.map((one) => pickService(one, definitions));
  const views = services.flatMap(({ items }) => items.map(({ view }) => view));
  const identified = await identifyViews(definitions, ports, views);
  const pins = new Map<string, FeaturePin>();
  for (const service of services) {
    requirePins(service, identified);
    const names = [...new Set(service.items.map(({ view }) => view))];
    pins.set(service.name, {
      service: service.name,
      definition: identifyService(service, identified),
      views: names.map((view) => ({
        view,
        definition: identified.get(view)?.definition ?? '',
        version: identified.get(view)?.version ?? null,
      })),
    });
  }
  return [...pins.values()].sort((left, right) => (left.service < right.service ? -1 : 1));
}
