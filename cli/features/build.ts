import { PulltrainError } from '../../pipelines/errors.ts';
import { buildView } from '../../pipelines/features/build-view.ts';
import { identifyViews, shortHash } from '../../pipelines/features/identify-views.ts';
import { missingName } from '../../pipelines/features/missing-name.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = featureOptions;

export const buildHelp = formatHelp({
  usage: 'features build [VIEW ...] [options]',
  about:
    'Makes the tables of these views, or of all, each version once. With --rev it makes those of an earlier commit, from\nthe definitions and the data of that commit.',
  options,
});

export async function buildAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const { definitions, ports } = features;
  const all = [...definitions.views.keys()];
  const unknown = positionals.filter((name) => !definitions.views.has(name));
  if (unknown.length > 0) {
    throw new PulltrainError('view-unknown', {
      what: unknown.map((name) => missingName('view', name, all)).join('; '),
    });
  }
  const wanted = positionals.length === 0 ? all : positionals;
  const identified = await identifyViews(definitions, ports.files, wanted);
  const built = [];
  for (const view of wanted) built.push({ view, ...(await buildView(view, { definitions, identified }, ports)) });
  terminal.answer(
    { views: built },
    built
      .map(({ view, version, found, file, facts: { rows, unreachable, ambiguous } }) =>
        [
          `${view} ${shortHash(version)}: ${rows} rows, ${found ? 'found' : 'built'}, ${file}`,
          ...(unreachable === 0 ? [] : [`  ${unreachable} rows have no key or no time and are never joined`]),
          ...(ambiguous === 0 ? [] : [`  ${ambiguous} keys have different values at equal times; the greatest win`]),
        ].join('\n'),
      )
      .join('\n'),
  );
  return 0;
}
