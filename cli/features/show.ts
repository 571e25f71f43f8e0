import { PulltrainError } from '../../pipelines/errors.ts';
import { serviceDocument, viewDocument } from '../../pipelines/features/describe-definitions.ts';
import { identifyViews } from '../../pipelines/features/identify-views.ts';
import { missingName } from '../../pipelines/features/missing-name.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { alignRows } from './align-rows.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = featureOptions;

export const showHelp = formatHelp({
  usage: 'features show NAME [options]',
  about: 'One entity, view or service: what it is made of, its versions, who uses it.',
  options,
});

export async function showAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: 1 });
  const [name = ''] = positionals;
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const { definitions, ports } = features;
  const entity = definitions.entities.get(name);
  const view = definitions.views.get(name);
  const service = definitions.services.get(name);
  if (view !== undefined) {
    const identified = await identifyViews(definitions, ports.files, [name]);
    const document = viewDocument(view, definitions, identified);
    const build = document.version === null ? null : await ports.cache.find(document.version);
    terminal.answer({ ...document, build }, describeView(document, build?.facts ?? null, terminal));
  } else if (service !== undefined) {
    const views = service.items.map((item) => item.view);
    const document = serviceDocument(service, await identifyViews(definitions, ports.files, views));
    terminal.answer(document, describeService(document, terminal));
  } else if (entity !== undefined) {
    const users = [...definitions.views.values()].filter((one) => one.entities.includes(name)).map((one) => one.name);
    terminal.answer(
      { kind: 'entity', ...entity, usedBy: users },
      [
        terminal.paint('bold', `entity ${name}`),
        ...about(entity),
        `join keys   ${entity.keys.map((key) => `${key.name} (${key.type})`).join(', ')}`,
        `views       ${users.join(', ') || 'none'}`,
      ].join('\n'),
    );
  } else {
    const names = [...definitions.entities.keys(), ...definitions.views.keys(), ...definitions.services.keys()];
    throw new PulltrainError('view-unknown', { what: missingName('entity, view or service', name, names) });
  }
  return 0;
}

function about({
  description,
  owner,
  tags,
  file,
}: {
  description: string;
  owner: string;
  tags: readonly string[];
  file: string;
}) {
  return [
    ...(description === '' ? [] : [description]),
    `defined in  ${file}`,
    ...(owner === '' ? [] : [`owner       ${owner}`]),
    ...(tags.length === 0 ? [] : [`tags        ${tags.join(', ')}`]),
  ];
}

type Facts = { rows: number; first: string | null; last: string | null; unreachable: number; ambiguous: number };

function describeView(view: ReturnType<typeof viewDocument>, facts: Facts | null, terminal: Terminal): string {
  return [
    terminal.paint('bold', `view ${view.name}`),
    ...about(view),
    `entity      ${view.entities.join(', ')}: ${view.keys.map(({ name, type }) => `${name} (${type})`).join(', ')}`,
    `time        ${view.time}${view.created === null ? '' : `, known from ${view.created}`}${view.ttl === null ? '' : `, too old after ${view.ttl} s`}`,
    ...view.inputs.map(
      (input) => `reads       ${'file' in input ? input.file : `view ${input.view}`} as ${input.alias}`,
    ),
    `used by     ${view.usedBy.join(', ') || 'nothing'}`,
    `definition  ${view.definition}`,
    `version     ${view.version ?? 'unknown: a file that it reads is not here'}`,
    facts === null
      ? 'not built'
      : `built       ${facts.rows} rows${facts.first === null ? '' : `, ${facts.first} to ${facts.last}`}`,
    'features',
    ...alignRows(view.features.map(({ name, type, description }) => [`  ${name}`, type, description])),
  ].join('\n');
}

function describeService(service: ReturnType<typeof serviceDocument>, terminal: Terminal): string {
  const rows = service.items.flatMap(({ view, keys, features, version }) =>
    features.map(({ name, as, type }) => [
      `  ${as}`,
      type,
      `${view}:${name}`,
      `by ${keys.map((key) => (key.column === key.name ? key.name : `${key.name} = ${key.column}`)).join(', ')}`,
      version ?? '',
    ]),
  );
  return [
    terminal.paint('bold', `service ${service.name}`),
    ...about(service),
    `definition  ${service.definition}`,
    'columns',
    ...alignRows(rows.map((row) => row.slice(0, 4))),
  ].join('\n');
}
