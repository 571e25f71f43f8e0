import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { openScorer } from '../adapters/onnx/open-scorer.ts';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { evaluateModel } from '../pipelines/evaluation/evaluate-model.ts';
import { loadHoldout } from '../pipelines/evaluation/load-holdout.ts';
import { describeEvaluation } from './describe-evaluation.ts';
import { evaluatePredictionsFile, predictionsOptions } from './evaluate-predictions.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  model: { type: 'string', placeholder: 'FILE', about: 'ONNX file to measure' },
  data: { type: 'string', placeholder: 'FILE', about: 'table with the labelled rows: Parquet, CSV or JSON lines' },
  config: {
    type: 'string',
    placeholder: 'FILE',
    about: 'configuration with the holdout rule, pulltrain.yml if left out; of predictions its slices and metrics',
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
  provider: {
    type: 'string',
    default: 'cpu',
    placeholder: 'NAME',
    about: 'what computes the model: cpu, or cuda for an NVIDIA GPU',
  },
  ...predictionsOptions,
} as const;

/** `pulltrain evaluate`: what the evaluate action does with one model, on this machine. */
export const evaluateVerb: Verb = {
  name: 'evaluate',
  summary: 'measure an ONNX file, or predictions, on labelled rows',
  help: formatHelp({
    usage:
      'evaluate --model FILE --data FILE [options]\n       pulltrain evaluate --predictions FILE --label COLUMN --score COLUMN [options]',
    about:
      'Measures a model on the rows that the holdout rule of the configuration takes from a table, or predictions that were made elsewhere, by a model of any kind: every metric with a 95 % interval and what a predictor without inputs gets.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  if (values.predictions !== undefined) {
    if (values.model === undefined && values.data === undefined) return evaluatePredictionsFile(values, terminal);
    throw new PulltrainError('usage', { what: '--predictions stands in the place of --model and --data' });
  }
  const config = values.config ?? 'pulltrain.yml';
  const at = (path: string) => resolve(terminal.directory, path);
  const modelPath = at(requireOption(values.model, 'model'));
  const file = at(requireOption(values.data, 'data'));
  await requireFiles([modelPath, file]);
  const text = await readFile(at(config), 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', {
      what: 'the configuration cannot be read',
      where: config,
      cause,
    });
  });
  const { name: model, model: policy } = selectModel(parseConfig(text, config), values.name);
  const folder = await mkdtemp(join(tmpdir(), 'pulltrain-evaluate-'));
  const out = values.out === undefined ? null : at(values.out);
  const predictions = out === null ? join(folder, 'predictions.parquet') : `${out.replace(/\.json$/, '')}.parquet`;
  await mkdir(dirname(predictions), { recursive: true });
  const tables = await openTables({ temporaryDirectory: join(folder, 'duckdb') });
  try {
    const dataIntegrity = await integrityOfFile(file);
    const loaded = await loadHoldout({ policy, file, dataIntegrity }, tables);
    terminal.progress(`${loaded.holdout.rows} rows: ${loaded.holdout.rule}`);
    const subject = { model, policy, modelPath, loaded, predictions, robustness: true };
    const { evaluation } = await evaluateModel(subject, {
      tables,
      scorer: await openScorer({ provider: parseProvider(values.provider) }),
      integrityOfFile,
    });
    if (out !== null) await writeFileAtomically(out, `${JSON.stringify(evaluation, null, 2)}\n`);
    terminal.answer(evaluation, describeEvaluation(evaluation, terminal));
    return 0;
  } finally {
    tables.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function parseProvider(text: string): 'cpu' | 'cuda' {
  if (text === 'cpu' || text === 'cuda') return text;
  throw new PulltrainError('usage', {
    what: '--provider names nothing that computes',
    seen: text,
    allowed: 'cpu, cuda',
  });
}

async function requireFiles(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await stat(path).catch((cause: unknown) => {
      throw new PulltrainError('file-missing', { what: 'there is no such file', where: path, cause });
    });
  }
}
