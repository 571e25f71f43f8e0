import type { Definitions, FeatureService, FeatureView } from './definitions.ts';
import type { IdentifiedViews } from './identify-views.ts';
import { identifyService } from './identify-views.ts';

/** One thing that can be found: what it is, and every word by which it may be looked for. */
export type Found = {
  kind: 'entity' | 'view' | 'feature' | 'service';
  name: string;
  description: string;
  owner: string;
  tags: readonly string[];
};

/** Everything that is defined, flat: entities, views, their features as `view:feature`, services. */
export function listFound({ entities, views, services }: Definitions): Found[] {
  const found = (kind: Found['kind'], name: string, of: Omit<Found, 'kind' | 'name'>): Found => ({
    kind,
    name,
    description: of.description,
    owner: of.owner,
    tags: of.tags,
  });
  return [
    ...[...entities.values()].map((entity) => found('entity', entity.name, entity)),
    ...[...views.values()].flatMap((view) => [
      found('view', view.name, view),
      ...view.features.map((feature) => found('feature', `${view.name}:${feature.name}`, feature)),
    ]),
    ...[...services.values()].map((service) => found('service', service.name, service)),
  ];
}

/** What has every word of a text somewhere in its name, description, owner or tags, whatever the case; names first. */
export function searchFound(all: readonly Found[], text: string): Found[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const inName = ({ name }: Found) => words.every((word) => name.toLowerCase().includes(word));
  const hits = all.filter(({ name, description, owner, tags }) => {
    const whole = [name, description, owner, ...tags].join('\n').toLowerCase();
    return words.every((word) => whole.includes(word));
  });
  return [...hits.filter(inName), ...hits.filter((hit) => !inName(hit))];
}

/** A view as a document: its definition, its identity, and who uses it. */
export function viewDocument(view: FeatureView, definitions: Definitions, identified: IdentifiedViews) {
  const identity = identified.get(view.name);
  return {
    kind: 'view' as const,
    ...view,
    definition: identity?.definition ?? null,
    version: identity?.version ?? null,
    inputs: Object.entries(view.inputs).map(([alias, input]) => ({
      alias,
      ...input,
      integrity: identity?.inputs[alias] ?? null,
    })),
    usedBy: [
      ...[...definitions.views.values()]
        .filter((other) => Object.values(other.inputs).some((input) => 'view' in input && input.view === view.name))
        .map(({ name }) => name),
      ...[...definitions.services.values()]
        .filter(({ items }) => items.some((item) => item.view === view.name))
        .map(({ name }) => name),
    ],
  };
}

export function serviceDocument(service: FeatureService, identified: IdentifiedViews) {
  return {
    kind: 'service' as const,
    ...service,
    definition: identifyService(service, identified),
    items: service.items.map((item) => ({
      ...item,
      definition: identified.get(item.view)?.definition ?? null,
      version: identified.get(item.view)?.version ?? null,
    })),
  };
}
