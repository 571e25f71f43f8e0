import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { identifyViews } from '../../pipelines/features/identify-views.ts';
import { type Materialized, materializeView } from '../../pipelines/features/materialize-view.ts';
import { missingName } from '../../pipelines/features/missing-name.ts';
import { parseMoment } from '../../pipelines/features/moments.ts';
import { publishDefinitions } from '../../pipelines/features/served-documents.ts';
import { formatHelp, parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';
import { openOnline, storeOption } from './open-online.ts';

const options = {
  from: { type: 'string', placeholder: 'TIME', about: 'only what became known later [where the last filling ended]' },
  to: { type: 'string', placeholder: 'TIME', about: 'only what was known by then [now]' },
  ...storeOption,
  ...featureOptions,
} as const;

export const materializeHelp = formatHelp({
  usage: 'features materialize [VIEW ...] [options]',
  about:
    'Brings the newest values of these views, or of all, into the online store, and tells it what is defined. Goes on\nwhere the last call ended. Late arrivals are found by the time at which they became known.',
  options,
});

export async function materializeAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: Number.POSITIVE_INFINITY });
  const from = values.from === undefined ? null : readMoment(values.from, 'from');
  const until = values.to === undefined ? Date.now() * 1000 : readMoment(values.to, 'to');
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
  await using online = await openOnline(values.store, terminal);
  const identified = await identifyViews(definitions, ports.files, wanted);
  await publishDefinitions(definitions, await identifyViews(definitions, { identify: async () => null }), online);
  const done: Materialized[] = [];
  for (const view of wanted) {
    const tables = await openTables({ temporaryDirectory: features.folder });
    try {
      done.push(
        await materializeView({ view, from, until }, { definitions, identified }, { ...ports, tables, online }),
      );
    } finally {
      tables.close();
    }
  }
  terminal.answer(
    { store: online.address, views: done },
    done
      .map(
        ({ view, rows, written, from: since, until: to }) =>
          `${view}: ${rows} entities${since === null ? '' : ` with news since ${since}`} as of ${to}, ${written} written`,
      )
      .join('\n'),
  );
  return 0;
}

/** Microseconds of a day or time on the command line. */
export function readMoment(text: string, option: string): number {
  const moment = parseMoment(text);
  if (moment !== null) return moment;
  throw new PulltrainError('usage', {
    what: `--${option} is no time`,
    seen: text,
    allowed: '2001-03-31 or 2001-03-31T06:00:00Z',
  });
}
