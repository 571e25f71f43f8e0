import type { OnlineFeatures } from '../../pipelines/contracts/feature-served.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { getOnlineFeatures } from '../../pipelines/features/get-online-features.ts';
import { findFeatures, findService } from '../../pipelines/features/served-documents.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readMoment } from './materialize.ts';
import { openOnline, storeOption } from './open-online.ts';

const options = {
  service: { type: 'string', placeholder: 'NAME@vN', about: 'features to look up' },
  features: { type: 'string', placeholder: 'LIST', about: 'in place of a service: view:feature or view, by commas' },
  entity: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMN=A,B',
    about: 'whom to ask about; once per entity column',
  },
  time: { type: 'string', placeholder: 'TIME', about: 'moment by which the age of values is counted [now]' },
  ...storeOption,
} as const;

export const getHelp = formatHelp({
  usage: 'features get --service NAME@vN --entity COLUMN=VALUE,... [options]',
  about: 'Looks up features in the online store, as POST /get-online-features of the model server does.',
  options,
});

export async function getAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  if ((values.service === undefined) === (values.features === undefined)) {
    throw new PulltrainError('usage', { what: 'give one of --service and --features' });
  }
  const time = values.time === undefined ? Date.now() * 1000 : readMoment(values.time, 'time');
  const entities = Object.fromEntries((values.entity ?? []).map(readEntity));
  await using online = await openOnline(values.store, terminal);
  const service =
    values.service === undefined
      ? await findFeatures(online, (values.features ?? '').split(','))
      : await findService(online, values.service);
  const found = await getOnlineFeatures(service, entities, time, online);
  terminal.answer(found, describe(found));
  return 0;
}

function readEntity(text: string): [string, string[]] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1).split(',')];
  throw new PulltrainError('usage', { what: '--entity names no column', seen: text, allowed: 'COLUMN=VALUE,VALUE' });
}

/** One line per entity row. */
function describe({ metadata, results }: OnlineFeatures): string {
  const cells = results.map(({ values, statuses }, column) => [
    metadata.feature_names[column] ?? '',
    ...values.map((value, row) => (statuses[row] === 'PRESENT' ? String(value) : (statuses[row] ?? ''))),
  ]);
  const widths = cells.map((column) => Math.max(...column.map((cell) => cell.length)));
  const rows = results[0]?.values.length ?? 0;
  return Array.from({ length: rows + 1 }, (_, row) =>
    cells
      .map((column, index) => (column[row] ?? '').padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  ).join('\n');
}
