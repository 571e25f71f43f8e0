import { tableFormat } from '../data/table-source.ts';
import { PulltrainError } from '../errors.ts';
import { integrityHex, integrityOfDocument } from '../integrity.ts';
import type { Definitions, FeatureService, FeatureView } from './definitions.ts';
import type { FeatureFiles } from './feature-ports.ts';

/** What a view is, by content. */
export type ViewIdentity = {
  /** Integrity of everything that says how rows become features; the data has no part in it. */
  definition: string;
  /** Integrity of the definition and of everything it reads: names one table. Null when a file is not there. */
  version: string | null;
  /** Integrity of each file or version of each view, by the name it has in the SQL. */
  inputs: Readonly<Record<string, string | null>>;
};

export type IdentifiedViews = ReadonlyMap<string, ViewIdentity>;

/**
 * Definition and version of every view, or of those named and what they read. Neither names, owners, descriptions and
 * tags count, nor in which file a definition stands: equal definitions over equal data have one version.
 */
export async function identifyViews(
  { views }: Definitions,
  files: Pick<FeatureFiles, 'identify'>,
  names: readonly string[] = [...views.keys()],
): Promise<Map<string, ViewIdentity>> {
  const wanted = new Set(names);
  for (const view of [...views.values()].reverse()) {
    if (!wanted.has(view.name)) continue;
    for (const input of Object.values(view.inputs)) if ('view' in input) wanted.add(input.view);
  }
  const identified = new Map<string, ViewIdentity>();
  for (const view of views.values()) {
    if (wanted.has(view.name)) identified.set(view.name, await identifyView(view, identified, files));
  }
  return identified;
}

async function identifyView(
  view: FeatureView,
  upstream: IdentifiedViews,
  files: Pick<FeatureFiles, 'identify'>,
): Promise<ViewIdentity> {
  const kinds: Record<string, string> = {};
  const inputs: Record<string, string | null> = {};
  for (const [alias, input] of Object.entries(view.inputs)) {
    const read = 'view' in input ? upstream.get(input.view) : undefined;
    kinds[alias] = 'file' in input ? tableFormat(input.file) : (read?.definition ?? '');
    inputs[alias] = 'file' in input ? await files.identify(input.file) : (read?.version ?? null);
  }
  const columns = (list: readonly { name: string; type: string }[]) => list.map(({ name, type }) => [name, type]);
  const definition = integrityOfDocument({
    keys: columns(view.keys),
    sql: view.sql,
    inputs: kinds,
    time: view.time,
    created: view.created,
    ttl: view.ttl,
    features: columns(view.features).sort(([left = ''], [right = '']) => (left < right ? -1 : 1)),
  });
  const known = Object.values(inputs).every((input) => input !== null);
  return { definition, version: known ? integrityOfDocument({ definition, inputs }) : null, inputs };
}

/** Integrity of what a service hands out and how it finds it: its items with the definitions of their views. */
export function identifyService(service: Pick<FeatureService, 'items'>, identified: IdentifiedViews): string {
  const items = service.items.map(({ view, keys, features }) => ({
    view: identified.get(view)?.definition ?? null,
    keys: keys.map(({ name, type, column }) => [name, type, column]),
    features: features.map(({ name, type, as }) => [name, type, as]),
  }));
  return integrityOfDocument({ items });
}

/** How definitions and versions are shown and referred to: the first 12 hex digits. */
export function shortHash(integrity: string): string {
  return integrityHex(integrity).slice(0, 12);
}

/** Throws `feature-pin` when an item insists on another definition than the one that stands in the tree. */
export function requirePins(
  { name, items }: Pick<FeatureService, 'name' | 'items'>,
  identified: IdentifiedViews,
): void {
  const broken = items.flatMap(({ view, pin }) => {
    const definition = identified.get(view)?.definition;
    if (pin === null || definition === undefined || integrityHex(definition).startsWith(pin)) return [];
    return [`${view} is ${shortHash(definition)}, not ${pin}`];
  });
  if (broken.length === 0) return;
  throw new PulltrainError('feature-pin', {
    what: `views have changed since they were pinned: ${broken.join('; ')}`,
    where: `service ${name}`,
    cure: 'Add a version of the service for the new definition; "features history VIEW" and --rev lead to the old one.',
  });
}
