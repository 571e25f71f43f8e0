import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { openScorer } from '../adapters/onnx/open-scorer.ts';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import type { Evaluation } from '../pipelines/contracts/evaluation.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { evaluateModel } from '../pipelines/evaluation/evaluate-model.ts';
import { loadHoldout } from '../pipelines/evaluation/load-holdout.ts';
import { formatNumber } from '../reports/format-number.ts';
import { metricTitle } from '../reports/metric-title.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  model: { type: 'string', placeholder: 'FILE', about: 'ONNX file to measure' },
  data: { type: 'string', placeholder: 'FILE', about: 'table with the labelled rows: Parquet, CSV or JSON lines' },
  config: {
    type: 'string',
    default: 'pulltrain.yml',
    placeholder: 'FILE',
    about: 'configuration with the holdout rule',
  },
  name: {
    type: 'string',
    placeholder: 'NAME',
    about: 'model of the configuration; may be left out when it is the only one',
  },
  out: {
    type: 'string',
    placeholder: 'FILE',
    about: 'where the evaluation is left, its predictions beside it as .parquet',
  },
} as const;

/** `pulltrain evaluate`: what the evaluate action does with one model, on this machine. */
export const evaluateVerb: Verb = {
  name: 'evaluate',
  summary: 'measure an ONNX file on labelled rows',
  help: formatHelp({
    usage: 'evaluate --model FILE --data FILE [options]',
    about: 'Measures a model on the rows that the holdout rule of the configuration takes from a table.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const at = (path: string) => resolve(terminal.directory, path);
  const modelPath = at(requireOption(values.model, 'model'));
  const file = at(requireOption(values.data, 'data'));
  await requireFiles([modelPath, file]);
  const text = await readFile(at(values.config), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', {
      what: 'the configuration cannot be read',
      where: values.config,
      cause,
    });
  });
  const { name: model, model: policy } = selectModel(parseConfig(text, values.config), values.name);
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-evaluate-'));
  const out = values.out === undefined ? null : at(values.out);
  const predictions = out === null ? join(folder, 'predictions.parquet') : `${out.replace(/\.json$/, '')}.parquet`;
  await mkdir(dirname(predictions), { recursive: true });
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    const dataIntegrity = await integrityOfFile(file);
    const loaded = await loadHoldout({ policy, file, dataIntegrity }, tables);
    terminal.progress(`${loaded.holdout.rows} rows: ${loaded.holdout.rule}`);
    const subject = { model, policy, modelPath, loaded, predictions };
    const { evaluation } = await evaluateModel(subject, { tables, scorer: await openScorer(), integrityOfFile });
    if (out !== null) await writeFileAtomically(out, `${JSON.stringify(evaluation, null, 2)}\n`);
    terminal.answer(evaluation, describe(evaluation, terminal));
    return 0;
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await stat(path).catch((cause: unknown) => {
      throw new PulltrainError('file-missing', { what: 'there is no such file', where: path, cause });
    });
  }
}

function describe({ model, sha256, holdout, metrics, cost }: Evaluation, terminal: Terminal): string {
  const width = Math.max(...metrics.map(({ name }) => metricTitle(name).length));
  const rows = metrics.map(({ name, value, interval }) => {
    const range = interval === null ? '' : `  [${formatNumber(interval.low)}, ${formatNumber(interval.high)}]`;
    return `  ${metricTitle(name).padEnd(width)}  ${formatNumber(value)}${terminal.paint('dim', range)}`;
  });
  const days = holdout.from === null ? '' : `, ${holdout.from} to ${holdout.to}`;
  return [
    terminal.paint('bold', `${model}, sha256 ${sha256.slice(0, 12)}`),
    `${holdout.rows} rows (${holdout.rule}${days}); 95 % intervals`,
    ...rows,
    ...(cost === undefined
      ? []
      : [
          `  ${formatNumber(cost.latencyP95Ms)} ms for one row (95th percentile), ${Math.round(cost.rowsPerSecond)} rows a second`,
        ]),
  ].join('\n');
}
