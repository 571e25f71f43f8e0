import { resolve } from 'node:path';
import { validateSources } from '../../adapters/training/validate-sources.ts';
import { parseConfig } from '../../pipelines/config/parse-config.ts';
import type { ValidationReport } from '../../pipelines/contracts/validation-report.ts';
import { parseDataSchema } from '../../pipelines/data/validation/parse-data-schema.ts';
import { validateTable } from '../../pipelines/data/validation/validate-table.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { validationText } from '../../reports/validation-text.ts';
import { parseOptions } from '../options.ts';
import type { ExitCode, Terminal } from '../verb.ts';
import { readText } from './read-text.ts';
import { requireFile } from './require-file.ts';
import { withTables } from './with-tables.ts';

const options = {
  schema: { type: 'string', placeholder: 'FILE', about: 'what must hold' },
  config: { type: 'string', default: 'pulltrain.yml', placeholder: 'FILE', about: 'names tables and schemas' },
  now: { type: 'string', placeholder: 'INSTANT', about: 'clock of freshness rules' },
} as const;

/** `pulltrain data validate`: tables against data schemas. Exit 1 when a rule of severity `error` is broken. */
export async function validateData(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { max: 1000 });
  const clock = readClock(values.now);
  const reports =
    values.schema === undefined
      ? await declared({ config: values.config, paths: positionals }, clock, terminal)
      : await named({ schema: values.schema, paths: positionals }, clock, terminal);
  const status = reports.some((report) => report.status === 'fail') ? 'fail' : 'pass';
  terminal.answer({ status, reports }, reports.map((report) => validationText(report, terminal.paint)).join('\n'));
  return status === 'pass' ? 0 : 1;
}

type Clock = { now(): Date };

async function named(
  { schema, paths }: { schema: string; paths: readonly string[] },
  clock: Clock,
  terminal: Terminal,
): Promise<ValidationReport[]> {
  if (paths.length === 0) throw new PulltrainError('usage', { what: 'name the table to hold against --schema' });
  const parsed = parseDataSchema(await readText(schema, terminal), schema);
  for (const path of paths) await requireFile(path, terminal);
  return withTables(async (tables) => {
    const reports: ValidationReport[] = [];
    for (const data of paths) {
      const file = resolve(terminal.directory, data);
      reports.push(await validateTable({ file, data, schema: parsed, schemaPath: schema, now: clock.now() }, tables));
    }
    return reports;
  });
}

async function declared(
  { config, paths }: { config: string; paths: readonly string[] },
  clock: Clock,
  terminal: Terminal,
): Promise<ValidationReport[]> {
  const rules = parseConfig(await readText(config, terminal), config).data.validate;
  const wanted = paths.length === 0 ? null : paths.map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  const reports = await validateSources(
    { directory: terminal.directory, rules, paths: wanted },
    { clock, progress: terminal.progress },
  );
  if (reports.length > 0) return reports;
  throw new PulltrainError('nothing-validated', {
    what: rules.length === 0 ? 'no schema is declared' : 'no file here is one that data.validate names',
    where: config,
    ...(rules.length === 0 ? {} : { seen: rules.map(({ data }) => data).join(', ') }),
    cure: 'Name the table and --schema, or list both in data.validate.',
  });
}

function readClock(text: string | undefined): Clock {
  if (text === undefined) return { now: () => new Date() };
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) {
    throw new PulltrainError('usage', { what: '--now is no instant', seen: text, allowed: '2001-06-01T00:00:00Z' });
  }
  return { now: () => instant };
}
