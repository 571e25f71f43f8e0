import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, extname, resolve } from 'node:path';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import type { FeatureJoin } from '../../pipelines/contracts/feature-join.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { identifyViews } from '../../pipelines/features/identify-views.ts';
import { joinFeatures } from '../../pipelines/features/join-features.ts';
import { pickService } from '../../pipelines/features/pick-service.ts';
import { formatHelp, parseOptions, requireOption } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = {
  service: { type: 'string', placeholder: 'NAME@vN', about: 'features to join' },
  features: { type: 'string', placeholder: 'LIST', about: 'in place of a service: view:feature or view, by commas' },
  rows: {
    type: 'string',
    placeholder: 'FILE',
    about: 'table with the join keys and a time: Parquet, CSV or JSON lines',
  },
  time: { type: 'string', placeholder: 'COLUMN', about: 'column with the moment at which each row is asked' },
  out: { type: 'string', placeholder: 'FILE', about: 'where the joined table is written: .parquet, .csv or .jsonl' },
  ...featureOptions,
} as const;

export const joinHelp = formatHelp({
  usage: 'features join --service NAME@vN --rows FILE --time COLUMN --out FILE [options]',
  about:
    'Puts features behind the rows of a table as they were known at the time of each row. What happened or became\nknown later, or is older than the ttl of its view, is not used. Rows keep their order.',
  options,
});

export async function joinAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const named = { rows: requireOption(values.rows, 'rows'), out: requireOption(values.out, 'out') };
  const time = requireOption(values.time, 'time');
  const rows = resolve(terminal.directory, named.rows);
  const out = resolve(terminal.directory, named.out);
  if ((await stat(rows).catch(() => null))?.isFile() !== true) {
    throw new PulltrainError('file-missing', { what: 'there is no such table', where: named.rows });
  }
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const service = pickService(values, features.definitions);
  const views = service.items.map(({ view }) => view);
  const identified = await identifyViews(features.definitions, features.ports.files, views);
  await mkdir(dirname(out), { recursive: true });
  const unfinished = `${out}.${process.pid}.part${extname(out)}`;
  const tables = await openTables({ temporaryDirectory: features.folder });
  try {
    const joined = await joinFeatures(
      { service, rows: { file: rows, named: named.rows }, time, out: { file: unfinished, named: named.out } },
      { definitions: features.definitions, identified },
      { ...features.ports, tables },
    );
    await rename(unfinished, out);
    terminal.answer({ ...joined, out: named.out }, describe(joined, named.out));
    return 0;
  } finally {
    tables.close();
    await rm(unfinished, { force: true });
  }
}

function describe({ rows, parts }: FeatureJoin, out: string): string {
  const share = (count: number) => (rows === 0 ? '–' : `${((100 * count) / rows).toFixed(1)} %`);
  const lines = parts.map(
    ({ view, features, found, expired }) =>
      `  ${features.join(', ')} from ${view}: ${share(found)} found${expired === 0 ? '' : `, ${share(expired)} too old`}`,
  );
  return [`${out}: ${rows} rows`, ...lines].join('\n');
}
