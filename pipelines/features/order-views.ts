import type { FeatureView } from './definitions.ts';

type OrderFault = { view: string; path: PropertyKey[]; message: string };

/** Views with those that they read before them, names in alphabetical order otherwise; circles and strangers are reported. */
export function orderViews(
  views: ReadonlyMap<string, FeatureView>,
  broken: ReadonlySet<string>,
): { ordered: Map<string, FeatureView>; faults: OrderFault[] } {
  const faults: OrderFault[] = [];
  const ordered = new Map<string, FeatureView>();
  const open: string[] = [];

  function visit(view: FeatureView): void {
    if (ordered.has(view.name)) return;
    open.push(view.name);
    for (const [alias, input] of Object.entries(view.inputs)) {
      if (!('view' in input)) continue;
      const path = ['source', 'inputs', alias];
      const upstream = views.get(input.view);
      const begin = open.indexOf(input.view);
      if (begin >= 0) {
        const circle = [...open.slice(begin), input.view].join(' reads ');
        faults.push({ view: view.name, path, message: `goes in a circle: ${circle}` });
      } else if (upstream !== undefined) visit(upstream);
      else if (!broken.has(input.view)) {
        const allowed = [...views.keys()].filter((name) => name !== view.name).sort();
        faults.push({
          view: view.name,
          path,
          message: `there is no view "${input.view}" (allowed: ${allowed.join(', ') || 'none'})`,
        });
      }
    }
    open.pop();
    ordered.set(view.name, view);
  }

  for (const name of [...views.keys()].sort()) {
    const view = views.get(name);
    if (view !== undefined) visit(view);
  }
  return { ordered, faults };
}
