import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { listSegments } from '../adapters/prediction-log/list-segments.ts';
import { durationSchema } from '../pipelines/config/schema.ts';
import type { DriftReport } from '../pipelines/contracts/drift-report.ts';
import { type Profile, profileSchema } from '../pipelines/contracts/profile.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { watchRelease } from '../pipelines/monitoring/watch-release.ts';
import { formatTag } from '../pipelines/registry/format-tag.ts';
import { chooseRelease } from './choose-release.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  profile: { type: 'string', placeholder: 'FILE', about: 'profile.json of the release' },
  log: { type: 'string', placeholder: 'FOLDER|FILE', about: 'prediction log of the model server' },
  window: { type: 'string', default: '1d', placeholder: 'TIME', about: 'length compared, ending at the newest event' },
  time: {
    type: 'string',
    placeholder: 'COLUMN',
    about: 'logged column with the time of the event; when it was answered if left out',
  },
  release: {
    type: 'string',
    placeholder: 'VERSION',
    about: 'release whose rows count; the one of the manifest.json beside the profile, or the only one logged',
  },
  labels: { type: 'string', placeholder: 'FILE', about: 'Parquet file with what became of the rows' },
  join: { type: 'string', placeholder: 'COLUMN', about: 'column that labels and log have in common' },
  target: { type: 'string', placeholder: 'COLUMN', about: 'column of the label' },
  delay: { type: 'string', default: '0d', placeholder: 'TIME', about: 'until a label can be relied on' },
  threshold: { type: 'string', default: '0.5', placeholder: 'SCORE', about: 'score at which a row counts as positive' },
  'min-rows': { type: 'string', default: '1000', placeholder: 'N', about: 'rows below which nothing is said' },
  out: { type: 'string', placeholder: 'FILE', about: 'where the report is left' },
} as const;

/** `pulltrain drift`: what the monitor action does, on this machine. */
export const driftVerb: Verb = {
  name: 'drift',
  summary: 'compare a prediction log with the profile of a release',
  help: formatHelp({
    usage: 'drift --profile FILE --log FOLDER [options]',
    about:
      'Compares the newest window of a prediction log with the reference of a release. Ends with 1 unless it passes.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  for (const name of ['window', 'delay'] as const) requireDuration(values[name], name);
  const at = (path: string) => resolve(terminal.directory, path);
  const profileFile = at(requireOption(values.profile, 'profile'));
  const profile = await readProfile(profileFile);
  const files = await listSegments(requireOption(values.log, 'log'), profile.model, terminal.directory);
  const labels =
    values.labels === undefined
      ? null
      : {
          table: at(values.labels),
          join: requireOption(values.join, 'join'),
          target: requireOption(values.target, 'target'),
          delay: values.delay,
        };
  const minRows = toNumber(values['min-rows'], 'min-rows');
  const threshold = toNumber(values.threshold, 'threshold');
  const tables = await openTables();
  try {
    const release = await chooseRelease(
      { named: values.release, profile: profileFile, model: profile.model, files },
      tables,
    );
    const report = await watchRelease(
      {
        repository: 'local/local',
        environment: 'local',
        release,
        tag: formatTag(profile.model, release),
        profile,
        monitor: {
          window: values.window,
          ...(values.time === undefined ? {} : { time: values.time }),
          drift: { min_rows: minRows, columns: {} },
        },
        threshold,
        files,
        labels,
      },
      { tables, clock: { now: () => new Date() } },
    );
    if (values.out !== undefined) await writeReport(at(values.out), report);
    terminal.answer(report, describe(report, terminal));
    return report.status === 'pass' ? 0 : 1;
  } finally {
    tables.close();
  }
}

async function readProfile(file: string): Promise<Profile> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('profile-unreadable', { what: 'the profile cannot be read', where: file, cause });
  });
  try {
    return profileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PulltrainError('profile-unreadable', { what: 'not a profile.json', where: file, cause });
  }
}

async function writeReport(file: string, report: DriftReport): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

function requireDuration(text: string, name: string): void {
  const parsed = durationSchema.safeParse(text);
  if (parsed.success) return;
  throw new PulltrainError('usage', {
    what: `--${name} must be a length of time`,
    seen: text,
    allowed: 'e.g. 12h or 7d',
  });
}

function toNumber(text: string, name: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new PulltrainError('usage', { what: `--${name} must be a number`, seen: text });
}

function describe(report: DriftReport, { paint }: Terminal): string {
  const colours = { pass: 'green', inconclusive: 'yellow', fail: 'red', error: 'red' } as const;
  const days = report.window === null ? 'no rows' : `${report.window.from} to ${report.window.to}`;
  return [
    `${paint(colours[report.status], report.status)}  ${report.tag}, ${days}, ${report.rows} rows, ${report.labelled} with labels`,
    ...report.findings.map(
      ({ status, kind, message }) => `${paint(colours[status], status.padEnd(12))}  ${kind.padEnd(10)}  ${message}`,
    ),
  ].join('\n');
}
