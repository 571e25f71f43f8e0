import { listFound, searchFound } from '../../pipelines/features/describe-definitions.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { alignRows } from './align-rows.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = featureOptions;

export const searchHelp = formatHelp({
  usage: 'features search WORD ... [options]',
  about: 'Entities, views, features and services that have every word in name, description, owner or tags.',
  options,
});

/** Ends with 1 when nothing is found, so that scripts can ask. */
export async function searchAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 1, max: Number.POSITIVE_INFINITY });
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const found = searchFound(listFound(features.definitions), positionals.join(' '));
  terminal.answer(
    { found },
    found.length === 0
      ? `nothing has ${positionals.join(' ')} in it`
      : alignRows(found.map(({ kind, name, description }) => [kind, name, description])).join('\n'),
  );
  return found.length === 0 ? 1 : 0;
}
