import type { SourceTree } from '../ports/source-tree.ts';
import type { Context } from '../training/interpolate.ts';
import type { ServiceItemText } from './definition-schema.ts';
import type { Definitions, Entity, FeatureService, FeatureView, ServiceItem } from './definitions.ts';
import { linkItem } from './link-item.ts';
import { linkView } from './link-view.ts';
import { missingName } from './missing-name.ts';
import { orderViews } from './order-views.ts';
import type { DefinitionText } from './read-definitions.ts';

/** A fault that needs more than the shape of one file to be seen. */
export type LinkFault = { file: string; text: string; path: PropertyKey[]; message: string };

type Surroundings = {
  tree: SourceTree;
  context: Context;
  /** Names in files that could not be read; nobody is blamed for using them. */
  broken: { entities: ReadonlySet<string>; views: ReadonlySet<string> };
};

/** Joins the definition files into one whole, and finds everything that does not fit together. */
export async function linkDefinitions(
  texts: readonly DefinitionText[],
  { tree, context, broken }: Surroundings,
): Promise<{ definitions: Definitions; found: LinkFault[] }> {
  const found: LinkFault[] = [];
  const entities = new Map<string, Entity>();
  const views = new Map<string, FeatureView>();
  const services = new Map<string, FeatureService>();
  const takenBy = (file: string) => `is defined in ${file} as well`;

  for (const { file, text, parsed } of texts) {
    for (const [name, { keys, ...rest }] of Object.entries(parsed.entities)) {
      const other = entities.get(name);
      if (other !== undefined) found.push({ file, text, path: ['entities', name], message: takenBy(other.file) });
      const columns = Object.entries(keys).map(([key, type]) => ({ name: key, type }));
      entities.set(name, { ...described(rest), name, file, keys: columns });
    }
  }
  for (const { file, text, parsed } of texts) {
    for (const [name, view] of Object.entries(parsed.views)) {
      const at = ['views', name];
      const report = (path: PropertyKey[], message: string) =>
        found.push({ file, text, path: [...at, ...path], message });
      const other = views.get(name);
      if (other !== undefined) report([], takenBy(other.file));
      const unknown = [view.entity].flat().filter((entity) => !entities.has(entity) && !broken.entities.has(entity));
      for (const entity of unknown) report(['entity'], missingName('entity', entity, [...entities.keys()]));
      const linked = await linkView({ name, file, view, entities, context, tree }, report);
      views.set(name, { ...described(view), ...linked });
    }
  }
  const { ordered, faults } = orderViews(views, broken.views);
  for (const { view, path, message } of faults) {
    const file = views.get(view)?.file ?? '';
    const text = texts.find((one) => one.file === file)?.text ?? '';
    found.push({ file, text, path: ['views', view, ...path], message });
  }
  for (const { file, text, parsed } of texts) {
    for (const [name, service] of Object.entries(parsed.services)) {
      const report = (path: PropertyKey[], message: string) =>
        found.push({ file, text, path: ['services', name, ...path], message });
      const other = services.get(name);
      if (other !== undefined) report([], takenBy(other.file));
      const items = linkItems(service.features, views, broken.views, report);
      services.set(name, { ...described(service), name, file, items });
    }
  }
  const sorted = <Value>(map: Map<string, Value>) =>
    new Map([...map].sort(([left], [right]) => (left < right ? -1 : 1)));
  return { definitions: { entities: sorted(entities), views: ordered, services: sorted(services) }, found };
}

/** The items of a service; two columns of one name are a fault, because one of them would be lost. */
function linkItems(
  items: readonly ServiceItemText[],
  views: ReadonlyMap<string, FeatureView>,
  broken: ReadonlySet<string>,
  report: (path: PropertyKey[], message: string) => void,
): ServiceItem[] {
  const linked = items.map((item, index) =>
    linkItem(item, views, broken, (path, message) => report(['features', index, ...path], message)),
  );
  const names = new Map<string, number>();
  for (const [index, item] of linked.entries()) {
    for (const { as } of item?.features ?? []) {
      const before = names.get(as);
      if (before !== undefined) {
        report(['features', index], `gives a second column "${as}", after entry ${before + 1}; rename one with "as"`);
      }
      names.set(as, before ?? index);
    }
  }
  return linked.filter((item) => item !== null);
}

function described(text: {
  description?: string | undefined;
  owner?: string | undefined;
  tags?: readonly string[] | undefined;
}) {
  return { description: text.description ?? '', owner: text.owner ?? '', tags: text.tags ?? [] };
}
