import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { groupColumns } from '../pipelines/config/group-columns.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { type MetricName, metricNameSchema, taskSchema } from '../pipelines/contracts/evaluation.ts';
import { openTable } from '../pipelines/data/open-table.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { evaluatePredictions } from '../pipelines/evaluation/evaluate-predictions.ts';
import { metricsOfTask } from '../pipelines/evaluation/metric-catalogue.ts';
import type { PredictionsAsk } from '../pipelines/evaluation/predictions/predictions-ask.ts';
import { openingOf, readingOptions } from './data/reading-options.ts';
import { describeEvaluation } from './describe-evaluation.ts';
import type { parseOptions } from './options.ts';
import type { ExitCode, Terminal } from './verb.ts';

/** Options of `pulltrain evaluate --predictions`, beside those that it shares with the evaluation of a model. */
export const predictionsOptions = {
  predictions: {
    type: 'string',
    placeholder: 'FILE',
    about: 'table with truth and answers: Parquet, CSV or JSON lines',
  },
  label: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMN',
    about: 'what was true; several columns for several labels',
  },
  score: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMN',
    about: 'what the model said; of several classes their columns, or what their names begin with',
  },
  prediction: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMN',
    about: 'what was decided, in place of a threshold',
  },
  threshold: {
    type: 'string',
    placeholder: 'NUMBER',
    about: 'score from which on a row is positive; 0.5 for probabilities',
  },
  task: {
    type: 'string',
    placeholder: 'TASK',
    about: 'binary, multiclass, multilabel, regression or ranking; told from the columns if left out',
  },
  positive: {
    type: 'string',
    placeholder: 'VALUE',
    about: 'label that counts as positive; 1 and true need no telling',
  },
  classes: { type: 'string', placeholder: 'A,B,C', about: 'class of each score column, in order' },
  query: { type: 'string', placeholder: 'COLUMN', about: 'rows of one query are ranked against each other' },
  by: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMNS',
    about: 'columns whose values are the slices; a*b for each pair of values',
  },
  id: {
    type: 'string',
    placeholder: 'COLUMN',
    about: 'names the rows, so that only evaluations of the same ones are compared',
  },
  cluster: {
    type: 'string',
    placeholder: 'COLUMN',
    about: 'rows with one value of it belong together; kept for pulltrain compare --cluster',
  },
  metrics: {
    type: 'string',
    placeholder: 'A,B',
    about: 'what is measured, the first as the leading one; all that fit the task if left out',
  },
  'drop-missing': { type: 'boolean', default: false, about: 'leave out rows that lack a value, and count them' },
  ...readingOptions,
} as const;

type Values = Partial<ReturnType<typeof parseOptions<typeof predictionsOptions>>['values']> & {
  config?: string | undefined;
  name?: string | undefined;
  out?: string | undefined;
};

/** Judges the predictions of somebody else's model. `config` may name the policy: threshold, slices and metrics. */
export async function evaluatePredictionsFile(values: Values, terminal: Terminal): Promise<ExitCode> {
  const at = (path: string) => resolve(terminal.directory, path);
  const shown = values.predictions ?? '';
  const file = at(shown);
  await requireFile(file, shown);
  const policy = values.config === undefined ? null : await readPolicy(at(values.config), values.config, values.name);
  const ask = askOf(values, policy?.model ?? null);
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-evaluate-'));
  const out = values.out === undefined ? null : at(values.out);
  const predictions = out === null ? join(folder, 'predictions.parquet') : `${out.replace(/\.json$/, '')}.parquet`;
  await mkdir(dirname(predictions), { recursive: true });
  await requireOther(file, predictions);
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    const opening = { ...openingOf({ ...readingDefaults, ...values }) };
    const table = await openTable(file, opening, { tables, scratch: { table: 'pulltrain_read' } });
    const subject = {
      model: policy?.name ?? modelName(values.name ?? basename(file)),
      table,
      file: { name: basename(file), integrity: await integrityOfFile(file), sha256: await sha256Of(file) },
      predictions,
    };
    const evaluation = await evaluatePredictions(ask, subject, { tables, integrityOfFile });
    if (out !== null) await writeFileAtomically(out, `${JSON.stringify(evaluation, null, 2)}\n`);
    terminal.answer(evaluation, describeEvaluation(evaluation, terminal));
    return 0;
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const readingDefaults = { 'no-header': false, trim: false };

function askOf(values: Values, policy: ModelConfig | null): PredictionsAsk {
  const label = values.label ?? (policy === null ? [] : (policy.holdout.labels ?? [policy.holdout.target]));
  if (label.length === 0) throw new PulltrainError('usage', { what: '--label is missing' });
  return {
    label,
    score: values.score ?? [],
    prediction: values.prediction ?? [],
    task: taskOf(values.task) ?? policy?.task ?? null,
    threshold:
      thresholdOf(values.threshold) ??
      (values.prediction === undefined && policy?.task === 'binary' ? policy.threshold : null),
    positive: values.positive ?? null,
    classes: listOf(values.classes) ?? policy?.classes?.map(String) ?? null,
    query: values.query ?? policy?.holdout.query ?? null,
    id: values.id ?? null,
    cluster: values.cluster ?? null,
    by: values.by ?? (policy === null ? [] : groupColumns(policy)),
    metrics: metricsOf(values.metrics) ?? (policy === null ? null : [policy.metrics.primary, ...policy.metrics.also]),
    dropMissing: values['drop-missing'] ?? false,
  };
}

function taskOf(text: string | undefined) {
  if (text === undefined) return null;
  const { data } = taskSchema.safeParse(text);
  if (data !== undefined) return data;
  throw new PulltrainError('usage', { what: '--task', seen: text, allowed: taskSchema.options.join(', ') });
}

function thresholdOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const threshold = Number(text);
  if (text.trim() !== '' && Number.isFinite(threshold)) return threshold;
  throw new PulltrainError('usage', { what: '--threshold', seen: text, allowed: 'a number' });
}

function metricsOf(text: string | undefined): MetricName[] | null {
  return (
    listOf(text)?.map((name) => {
      const { data } = metricNameSchema.safeParse(name);
      if (data !== undefined) return data;
      const known = [...new Set(taskSchema.options.flatMap(metricsOfTask))];
      throw new PulltrainError('usage', {
        what: 'no such metric',
        where: '--metrics',
        seen: name,
        allowed: known.join(', '),
      });
    }) ?? null
  );
}

function listOf(text: string | undefined): string[] | null {
  return text === undefined ? null : text.split(',').map((part) => part.trim());
}

async function readPolicy(file: string, shown: string, name: string | undefined) {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', { what: 'the configuration cannot be read', where: shown, cause });
  });
  return selectModel(parseConfig(text, shown), name);
}

async function requireFile(file: string, shown: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new PulltrainError('file-missing', { what: 'there is no such file', where: shown, cause });
  });
  if (!found.isFile()) throw new PulltrainError('file-missing', { what: 'not a file', where: shown });
}

/** The predictions that are written must not take the place of those that are read. */
async function requireOther(file: string, written: string): Promise<void> {
  if (resolve(file) !== resolve(written)) return;
  throw new PulltrainError('usage', {
    what: '--out would overwrite the file that is read',
    seen: basename(written),
    cure: 'Choose another name.',
  });
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** A name of a model as the contracts want it, out of that of a file. */
function modelName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/\.(parquet|csv|tsv|jsonl?|ndjson)(\.(gz|zst))?$/, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64);
  return name === '' ? 'predictions' : name;
}
