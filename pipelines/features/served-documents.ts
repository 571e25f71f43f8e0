import {
  type ServedService,
  type ServedView,
  servedServiceSchema,
  servedViewSchema,
} from '../contracts/feature-served.ts';
import { PulltrainError } from '../errors.ts';
import { integrityHex } from '../integrity.ts';
import type { OnlineStore } from '../ports/online-store.ts';
import type { Definitions, FeatureService, FeatureView } from './definitions.ts';
import { type IdentifiedViews, identifyService, requirePins } from './identify-views.ts';
import { missingName } from './missing-name.ts';

/** Where the values of one definition lie: half of its digest is plenty to tell definitions apart. */
export function spaceOf(definition: string): string {
  return integrityHex(definition).slice(0, 32);
}

export function servedView(view: FeatureView, identified: IdentifiedViews): ServedView {
  const column = ({ name, type }: { name: string; type: ServedView['keys'][number]['type'] }) => ({ name, type });
  return {
    kind: 'served-view',
    version: 1,
    name: view.name,
    definition: definitionOf(view.name, identified),
    keys: view.keys.map(column),
    time: view.time,
    created: view.created,
    ttl: view.ttl,
    features: view.features.map(column),
  };
}

export function servedService(
  service: Pick<FeatureService, 'name' | 'items'>,
  { views }: Pick<Definitions, 'views'>,
  identified: IdentifiedViews,
): ServedService {
  return {
    kind: 'served-service',
    version: 1,
    name: service.name,
    definition: identifyService(service, identified),
    items: service.items.map(({ view, keys, features }) => ({
      view,
      definition: definitionOf(view, identified),
      ttl: views.get(view)?.ttl ?? null,
      keys: keys.map(({ name, type, column }) => ({ name, type, column })),
      features: features.map(({ name, type, as }) => ({ name, type, as })),
    })),
  };
}

/**
 * Tells the online store what is defined, so that a server needs nothing else to answer. A service is kept under its name,
 * which moves on with the definitions, and under its definition, which a release pins.
 */
export async function publishDefinitions(
  definitions: Definitions,
  identified: IdentifiedViews,
  online: Pick<OnlineStore, 'put'>,
): Promise<void> {
  const documents: Record<string, string> = {};
  for (const view of definitions.views.values()) {
    documents[`view/${view.name}`] = JSON.stringify(servedView(view, identified));
  }
  for (const service of definitions.services.values()) {
    requirePins(service, identified);
    const served = servedService(service, definitions, identified);
    documents[`service/${service.name}`] = JSON.stringify(served);
    documents[pinnedName(service.name, served.definition)] = JSON.stringify(served);
  }
  await online.put(documents);
}

/** A service that the store was told of; the one of a release when its definition is given. Throws `service-unknown`. */
export async function findService(
  online: Pick<OnlineStore, 'get' | 'list'>,
  name: string,
  definition?: string,
): Promise<ServedService> {
  const text = await online.get(definition === undefined ? `service/${name}` : pinnedName(name, definition));
  if (text !== null) return servedServiceSchema.parse(JSON.parse(text));
  const names = (await online.list('service/'))
    .map((one) => one.slice('service/'.length))
    .filter((one) => !one.includes('/'));
  throw new PulltrainError('service-unknown', {
    what: names.includes(name)
      ? `the online store does not know this definition of service ${name}`
      : missingName('service', name, names),
    ...(definition === undefined ? {} : { seen: definition }),
    cure: 'Tell the online store with "pulltrain features materialize".',
  });
}

/** A service made of `view` and `view:feature` references. Throws `service-unknown` with everything that is not there. */
export async function findFeatures(
  online: Pick<OnlineStore, 'get' | 'list'>,
  references: readonly string[],
): Promise<ServedService> {
  const faults: string[] = [];
  const items: ServedService['items'] = [];
  for (const reference of references) {
    const [name = '', feature] = reference.split(':');
    const text = await online.get(`view/${name}`);
    if (text === null) {
      faults.push(
        missingName(
          'view',
          name,
          (await online.list('view/')).map((one) => one.slice('view/'.length)),
        ),
      );
      continue;
    }
    const view = servedViewSchema.parse(JSON.parse(text));
    const features = view.features.filter((one) => feature === undefined || one.name === feature);
    if (features.length === 0)
      faults.push(
        missingName(
          `feature of ${name}`,
          feature ?? '',
          view.features.map((one) => one.name),
        ),
      );
    items.push({
      view: name,
      definition: view.definition,
      ttl: view.ttl,
      keys: view.keys.map((key) => ({ ...key, column: key.name })),
      features: features.map((one) => ({ ...one, as: one.name })),
    });
  }
  if (faults.length > 0) throw new PulltrainError('service-unknown', { what: faults.join('; ') });
  const definition = items[0]?.definition ?? '';
  return { kind: 'served-service', version: 1, name: references.join(','), definition, items };
}

function pinnedName(name: string, definition: string): string {
  return `service/${name}/${integrityHex(definition)}`;
}

function definitionOf(view: string, identified: IdentifiedViews): string {
  const identity = identified.get(view);
  if (identity === undefined) throw new TypeError(`view ${view} was not identified`);
  return identity.definition;
}
