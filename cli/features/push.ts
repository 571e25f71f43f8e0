import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PulltrainError } from '../../pipelines/errors.ts';
import { identifyViews } from '../../pipelines/features/identify-views.ts';
import { missingName } from '../../pipelines/features/missing-name.ts';
import { pushRows } from '../../pipelines/features/push-rows.ts';
import { publishDefinitions, servedView } from '../../pipelines/features/served-documents.ts';
import { formatHelp, parseOptions, requireOption } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { openFeatures } from './open-features.ts';
import { openOnline, storeOption } from './open-online.ts';

const options = {
  view: { type: 'string', placeholder: 'VIEW', about: 'view that the rows belong to' },
  rows: { type: 'string', placeholder: 'FILE', about: 'one JSON object per line; - reads them from standard input' },
  ...storeOption,
} as const;

export const pushHelp = formatHelp({
  usage: 'features push --view VIEW --rows FILE [options]',
  about:
    'Writes rows of a stream to the online store. The latest event time wins, then the latest created time, whatever the\norder of arrival; pushing a row twice changes nothing. A file with a fault in it writes nothing.',
  options,
});

export async function pushAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const name = requireOption(values.view, 'view');
  const rows = requireOption(values.rows, 'rows');
  await using features = await openFeatures({}, terminal);
  const { definitions } = features;
  const view = definitions.views.get(name);
  if (view === undefined) {
    throw new PulltrainError('view-unknown', { what: missingName('view', name, [...definitions.views.keys()]) });
  }
  const text = rows === '-' ? await readInput() : await readRows(resolve(terminal.directory, rows), rows);
  const identified = await identifyViews(definitions, { identify: async () => null });
  await using online = await openOnline(values.store, terminal);
  const pushed = await pushRows(servedView(view, identified), text.split('\n'), online);
  await publishDefinitions(definitions, identified, online);
  terminal.answer(
    { store: online.address, view: name, ...pushed },
    `${name}: ${pushed.written} of ${pushed.rows} rows were newer and written to ${online.address}`,
  );
  return 0;
}

async function readRows(file: string, named: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('file-missing', { what: 'the rows cannot be read', where: named, cause });
  });
}

async function readInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
