import { serviceDocument, viewDocument } from '../../pipelines/features/describe-definitions.ts';
import { identifyViews, shortHash } from '../../pipelines/features/identify-views.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { alignRows } from './align-rows.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = featureOptions;

export const listHelp = formatHelp({
  usage: 'features list [options]',
  about: 'Every entity, view and service that is defined, with the versions that they have now.',
  options,
});

export async function listAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const { definitions, ports } = features;
  const identified = await identifyViews(definitions, ports.files);
  const views = [...definitions.views.values()].map((view) => viewDocument(view, definitions, identified));
  const services = [...definitions.services.values()].map((service) => serviceDocument(service, identified));
  const built = await Promise.all(
    views.map(async ({ version }) => version !== null && (await ports.cache.find(version)) !== null),
  );
  const short = (integrity: string | null) => (integrity === null ? 'no data here' : shortHash(integrity));
  const header = ['view', 'entity', 'features', 'definition', 'version', 'built', 'owner'];
  const rows = views.map((view, index) => [
    view.name,
    view.entities.join(', '),
    String(view.features.length),
    short(view.definition),
    short(view.version),
    built[index] === true ? 'yes' : 'no',
    view.owner,
  ]);
  const served = services.map(({ name, items, definition, owner }) => [
    name,
    items.flatMap((item) => item.features.map(({ as }) => as)).join(', '),
    short(definition),
    owner,
  ]);
  terminal.answer(
    {
      entities: [...definitions.entities.values()],
      views: views.map((view, index) => ({ ...view, built: built[index] })),
      services,
    },
    [
      ...alignRows([header, ...rows]),
      ...(served.length === 0 ? [] : ['', ...alignRows([['service', 'columns', 'definition', 'owner'], ...served])]),
    ].join('\n'),
  );
  return 0;
}
