import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { compareEvaluations } from '../pipelines/comparison/compare-evaluations.ts';
import { readPredictions } from '../pipelines/comparison/read-predictions.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import type { Comparison } from '../pipelines/contracts/comparison.ts';
import { type Evaluation, evaluationSchema } from '../pipelines/contracts/evaluation.ts';
import type { Verdict } from '../pipelines/contracts/verdict.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { applyGates } from '../pipelines/gates/apply-gates.ts';
import { formatChange, formatNumber } from '../reports/format-number.ts';
import { metricTitle } from '../reports/metric-title.ts';
import { formatHelp, parseOptions } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  config: { type: 'string', placeholder: 'FILE', about: 'configuration whose gates are applied' },
  name: {
    type: 'string',
    placeholder: 'NAME',
    about: 'model of the configuration; may be left out when it is the only one',
  },
  out: { type: 'string', placeholder: 'FILE', about: 'where the comparison is left' },
} as const;

/** `pulltrain compare`: what the report action does with two evaluations, on this machine. */
export const compareVerb: Verb = {
  name: 'compare',
  summary: 'compare two evaluations of the same rows',
  help: formatHelp({
    usage: 'compare BASE.json HEAD.json [options]',
    about:
      'Compares two results of pulltrain evaluate, pair by pair; their predictions are found beside them. With --config the gates are applied, and the command ends with 1 unless they pass.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, options, { min: 2, max: 2 });
  const at = (path: string) => resolve(terminal.directory, path);
  const [basePath = '', headPath = ''] = positionals;
  const base = await readEvaluation(at(basePath));
  const head = await readEvaluation(at(headPath));
  const policy = values.config === undefined ? null : await readPolicy(at(values.config), values.name);
  const isProtected = policy?.protected ?? [...new Set(head.evaluation.groups.map(({ by }) => by))];
  const comparison = await compare(base, head, { gates: policy?.gates ?? [], protected: isProtected });
  const verdict =
    policy === null
      ? null
      : applyGates(comparison.model, policy, {
          comparison,
          evaluation: head.evaluation,
          baseEvaluation: base.evaluation,
          problems: [],
        });
  if (values.out !== undefined) await writeFileAtomically(at(values.out), `${JSON.stringify(comparison, null, 2)}\n`);
  terminal.answer({ comparison, verdict }, describe(comparison, verdict, terminal));
  return verdict === null || verdict.status === 'pass' ? 0 : 1;
}

type Side = { path: string; evaluation: Evaluation };

async function compare(base: Side, head: Side, policy: Pick<ModelConfig, 'gates' | 'protected'>): Promise<Comparison> {
  const evaluations = { base: base.evaluation, head: head.evaluation };
  const tables = await openTables();
  try {
    const predictions = await readPredictions({ base, head, by: policy.protected }, tables);
    return compareEvaluations(evaluations, predictions, policy);
  } finally {
    tables.close();
  }
}

/** An evaluation and the prediction file beside it, after making sure that it is the one that was written with it. */
async function readEvaluation(file: string): Promise<Side> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('evaluation-unreadable', { what: 'the evaluation cannot be read', where: file, cause });
  });
  let evaluation: Evaluation;
  try {
    evaluation = evaluationSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new PulltrainError('evaluation-unreadable', {
      what: 'not a result of pulltrain evaluate',
      where: file,
      cause,
    });
  }
  const path = join(dirname(file), evaluation.predictions.path);
  const seen = await integrityOfFile(path).catch((cause: unknown) => {
    throw new PulltrainError('predictions-missing', {
      what: 'the predictions are not beside the evaluation',
      where: path,
      cure: 'Run pulltrain evaluate with --out again.',
      cause,
    });
  });
  if (seen === evaluation.predictions.integrity) return { path, evaluation };
  throw new PulltrainError('predictions-invalid', {
    what: 'the predictions are not those of the evaluation',
    where: path,
    seen,
    allowed: evaluation.predictions.integrity,
    cure: 'Run pulltrain evaluate with --out again.',
  });
}

async function readPolicy(file: string, name: string | undefined): Promise<ModelConfig> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PulltrainError('config-missing', { what: 'the configuration cannot be read', where: file, cause });
  });
  return selectModel(parseConfig(text, file), name).model;
}

function describe(comparison: Comparison, verdict: Verdict | null, terminal: Terminal): string {
  const width = Math.max(...comparison.metrics.map(({ name }) => metricTitle(name).length));
  const rows = comparison.metrics.map(({ name, base, head, delta, direction }) => {
    const title = `${metricTitle(name).padEnd(width)} ${direction === 'higher' ? '↑' : '↓'}`;
    const range = delta === null ? '' : ` [${formatChange(delta.low)}, ${formatChange(delta.high)}]`;
    const change = delta === null ? '' : `  ${formatChange(delta.value)}${terminal.paint('dim', range)}`;
    return `  ${title}  ${formatNumber(base)} -> ${formatNumber(head)}${change}`;
  });
  const colours = { pass: 'green', inconclusive: 'yellow', fail: 'red', error: 'red' } as const;
  const gates = verdict?.gates.map(
    ({ gate, status, message }) => `  ${terminal.paint(colours[status], status)} ${gate}: ${message}`,
  );
  return [
    terminal.paint(
      'bold',
      `${comparison.model}: base -> head on ${comparison.holdout.rows} rows, changes with 95 % intervals`,
    ),
    ...rows,
    ...(comparison.identical ? ['  Both give the same predictions.'] : []),
    ...(gates ?? []),
    ...(verdict === null ? [] : [terminal.paint(colours[verdict.status], verdict.status)]),
  ].join('\n');
}
