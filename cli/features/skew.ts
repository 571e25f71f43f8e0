import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { openTables } from '../../adapters/duckdb/open-tables.ts';
import { listSegments } from '../../adapters/prediction-log/list-segments.ts';
import { writeFileAtomically } from '../../adapters/workspace/write-file-atomically.ts';
import type { FeatureSkew } from '../../pipelines/contracts/feature-skew.ts';
import { tableSource } from '../../pipelines/data/table-source.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { compareServed } from '../../pipelines/features/compare-served.ts';
import { identifyViews } from '../../pipelines/features/identify-views.ts';
import { pickService } from '../../pipelines/features/pick-service.ts';
import type { ServedRows } from '../../pipelines/features/skew-sql.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import { formatHelp, parseOptions, requireOption } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { featureOptions, openFeatures, requireViews } from './open-features.ts';

const options = {
  service: { type: 'string', placeholder: 'NAME@vN', about: 'features to compare' },
  features: { type: 'string', placeholder: 'LIST', about: 'in place of a service: view:feature or view, by commas' },
  log: { type: 'string', placeholder: 'FOLDER', about: 'prediction log of the model server' },
  model: { type: 'string', placeholder: 'NAME', about: 'model of the log' },
  served: { type: 'string', placeholder: 'FILE', about: 'in place of a log: table of what was served' },
  time: { type: 'string', placeholder: 'COLUMN', about: 'column of that table with the moment of serving' },
  tolerance: { type: 'string', default: '1e-6', placeholder: 'X', about: 'largest relative difference that is equal' },
  'min-equal': {
    type: 'string',
    default: '0.99',
    placeholder: 'SHARE',
    about: 'least share of equal values of every feature',
  },
  out: { type: 'string', placeholder: 'FILE', about: 'where the document is left' },
  ...featureOptions,
} as const;

export const skewHelp = formatHelp({
  usage: 'features skew --service NAME@vN (--log FOLDER --model NAME | --served FILE --time COLUMN) [options]',
  about:
    'Compares what was served with what a point-in-time join gives for the same entities and times: training-serving\nskew. Ends with 1 when a feature is equal in too few rows.',
  options,
});

export async function skewAction(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const tolerance = readShare(values.tolerance, 'tolerance', Number.MAX_VALUE);
  const minEqual = readShare(values['min-equal'], 'min-equal', 1);
  if ((values.log === undefined) === (values.served === undefined)) {
    throw new PulltrainError('usage', { what: 'give one of --log and --served' });
  }
  await using features = await openFeatures(values, terminal);
  requireViews(features);
  const service = pickService(values, features.definitions);
  const views = service.items.map(({ view }) => view);
  const identified = await identifyViews(features.definitions, features.ports.files, views);
  const tables = await openTables({ temporaryDirectory: features.folder });
  try {
    const named = values.log ?? values.served ?? '';
    const rows =
      values.log === undefined ? await readServed(values, tables, terminal) : await readLog(values, terminal);
    const skew = await compareServed(
      { service, rows, named, tolerance, minEqual },
      { definitions: features.definitions, identified },
      { ...features.ports, tables },
    );
    if (values.out !== undefined) {
      await writeFileAtomically(resolve(terminal.directory, values.out), `${JSON.stringify(skew, null, 2)}\n`);
    }
    terminal.answer(skew, describe(skew, terminal));
    return skew.status === 'pass' ? 0 : 1;
  } finally {
    tables.close();
  }
}

async function readLog(values: { log?: string; model?: string }, terminal: Terminal): Promise<ServedRows> {
  const place = requireOption(values.log, 'log');
  const model = requireOption(values.model, 'model');
  const files = await listSegments(place, model, terminal.directory);
  if (files.length === 0)
    throw new PulltrainError('nothing-served', { what: `nothing was logged of ${model}`, where: place });
  return { kind: 'log', files, model };
}

async function readServed(
  values: { served?: string; time?: string },
  tables: Tables,
  terminal: Terminal,
): Promise<ServedRows> {
  const named = requireOption(values.served, 'served');
  const time = requireOption(values.time, 'time');
  const file = resolve(terminal.directory, named);
  if ((await stat(file).catch(() => null))?.isFile() !== true) {
    throw new PulltrainError('file-missing', { what: 'there is no such table', where: named });
  }
  const source = tableSource(file);
  const described = await tables.query(`DESCRIBE SELECT * FROM ${source}`).catch((cause: unknown) => {
    throw new PulltrainError('table-unreadable', { what: 'the table cannot be read', where: named, cause });
  });
  const columns = z.array(z.object({ column_name: z.string(), column_type: z.string() })).parse(described);
  const found = columns.find(({ column_name: name }) => name === time);
  if (found !== undefined) return { kind: 'table', source, time, timeType: found.column_type };
  throw new PulltrainError('column-missing', {
    what: 'no such time column',
    where: named,
    seen: time,
    allowed: columns.map(({ column_name: name }) => name).join(', '),
  });
}

function readShare(text: string, option: string, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= most) return value;
  throw new PulltrainError('usage', {
    what: `--${option} cannot be ${text}`,
    allowed: most === 1 ? '0 to 1' : '0 or more',
  });
}

function describe({ status, rows, features, examples, minEqual }: FeatureSkew, terminal: Terminal): string {
  const width = Math.max(...features.map(({ feature }) => feature.length));
  const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`);
  const lines = features.map(({ feature, compared, equal, missingServed, missingJoined, different, largest }) => {
    const rest = [
      different === 0 ? '' : `${different} differ${largest === null ? '' : ` by up to ${largest.toPrecision(3)}`}`,
      missingServed === 0 ? '' : `${missingServed} were served nothing`,
      missingJoined === 0 ? '' : `${missingJoined} were served what the past does not have`,
    ].filter((text) => text !== '');
    return `  ${feature.padEnd(width)}  ${percent(equal, compared)} of ${compared} equal${rest.length === 0 ? '' : `: ${rest.join(', ')}`}`;
  });
  const shown = examples.slice(0, 5).map(({ feature, time, keys, served, joined }) => {
    const of = Object.entries(keys)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ');
    return `  e.g. ${feature} for ${of} at ${time}: served ${served}, the past has ${joined}`;
  });
  const verdict = status === 'pass' ? terminal.paint('green', 'pass') : terminal.paint('red', 'fail');
  return [
    `${verdict}  ${rows} rows, at least ${percent(minEqual, 1)} of every feature must be equal`,
    ...lines,
    ...shown,
  ].join('\n');
}
