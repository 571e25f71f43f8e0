import type { ServiceItemText } from './definition-schema.ts';
import type { FeatureView, ServiceItem } from './definitions.ts';
import { missingName } from './missing-name.ts';

type Report = (path: PropertyKey[], message: string) => void;

/** One entry of a service, or null when its view is not there. Reports what does not fit. */
export function linkItem(
  item: ServiceItemText,
  views: ReadonlyMap<string, FeatureView>,
  broken: ReadonlySet<string>,
  report: Report,
): ServiceItem | null {
  const entry = typeof item === 'string' ? shorthand(item) : item;
  const [name = '', pin = null] = entry.view.split('@');
  const at = (key: string, ...more: PropertyKey[]) => (typeof item === 'string' ? [] : [key, ...more]);
  if (pin !== null && !/^[0-9a-f]{12,128}$/.test(pin)) {
    report(
      at('view'),
      `"${pin}" is no beginning of a definition (12 hex digits at least, as "features list" shows it)`,
    );
  }
  const view = views.get(name);
  if (view === undefined) {
    if (!broken.has(name)) report(at('view'), missingName('view', name, [...views.keys()]));
    return null;
  }
  const features = view.features.map((feature) => feature.name);
  for (const [index, feature] of (entry.features ?? []).entries()) {
    if (!features.includes(feature))
      report(at('features', index), missingName(`feature of ${name}`, feature, features));
  }
  const chosen = view.features.filter((feature) => entry.features?.includes(feature.name) ?? true);
  for (const feature of Object.keys(entry.as ?? {})) {
    if (!chosen.some((one) => one.name === feature)) {
      report(
        at('as', feature),
        missingName(
          'feature in this entry',
          feature,
          chosen.map((one) => one.name),
        ),
      );
    }
  }
  for (const key of Object.keys(entry.keys ?? {})) {
    if (!view.keys.some((one) => one.name === key)) {
      report(
        at('keys', key),
        missingName(
          `join key of ${name}`,
          key,
          view.keys.map((one) => one.name),
        ),
      );
    }
  }
  return {
    view: name,
    pin,
    keys: view.keys.map((key) => ({ ...key, column: entry.keys?.[key.name] ?? key.name })),
    features: chosen.map((feature) => ({
      name: feature.name,
      type: feature.type,
      as: entry.as?.[feature.name] ?? feature.name,
    })),
  };
}

type Entry = Exclude<ServiceItemText, string>;

function shorthand(item: string): Entry {
  const at = item.indexOf(':');
  return at < 0 ? { view: item } : { view: item.slice(0, at), features: [item.slice(at + 1)] };
}
