import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openTables } from '../adapters/duckdb/open-tables.ts';
import { integrityOfFile } from '../adapters/workspace/integrity-of-file.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { compareEvaluations, requireSameRows } from '../pipelines/comparison/compare-evaluations.ts';
import type { CompareOptions } from '../pipelines/comparison/compare-options.ts';
import { readPredictions } from '../pipelines/comparison/read-predictions.ts';
import { groupColumns } from '../pipelines/config/group-columns.ts';
import { parseConfig } from '../pipelines/config/parse-config.ts';
import type { ModelConfig } from '../pipelines/config/schema.ts';
import { selectModel } from '../pipelines/config/select-model.ts';
import type { Comparison, Delta } from '../pipelines/contracts/comparison.ts';
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
  cluster: {
    type: 'string',
    placeholder: 'COLUMN',
    about: 'rows with one value of it belong together and are drawn together, e.g. those of one customer',
  },
  interval: {
    type: 'string',
    default: 'bca',
    placeholder: 'KIND',
    about: 'ends of bootstrap intervals: bca (bias-corrected and accelerated) or percentile',
  },
  resamples: { type: 'string', default: '2000', placeholder: 'NUMBER', about: 'draws of a bootstrap' },
  seed: { type: 'string', default: '1', placeholder: 'NUMBER', about: 'the same seed draws the same rows' },
} as const;

/** `pulltrain compare`: what the report action does with two evaluations, on this machine. */
export const compareVerb: Verb = {
  name: 'compare',
  summary: 'compare two evaluations of the same rows',
  help: formatHelp({
    usage: 'compare BASE.json HEAD.json [options]',
    about:
      'Compares two results of pulltrain evaluate, pair by pair: DeLong for areas under the ROC curve, McNemar for accuracy, the paired t test for means of losses, a paired bootstrap for the rest. Their predictions are found beside them; evaluations of other rows are refused. With --config the gates are applied, and the command ends with 1 unless they pass.',
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
  const columns = [...new Set([...head.evaluation.groups, ...(head.evaluation.slices ?? [])].map(({ by }) => by))];
  const comparison = await compare(
    base,
    head,
    { gates: policy?.gates ?? [], protected: policy?.protected ?? columns, slices: policy?.slices ?? [] },
    { cluster: values.cluster ?? null, ...readSettings(values) },
  );
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

type Settings = Pick<CompareOptions, 'interval' | 'resamples' | 'seed'>;

function readSettings({ interval, resamples, seed }: Record<keyof Settings, string>): Settings {
  if (interval !== 'bca' && interval !== 'percentile') {
    throw new PulltrainError('usage', { what: '--interval', seen: interval, allowed: 'bca or percentile' });
  }
  return {
    interval,
    resamples: readWhole('resamples', resamples, { least: 200, most: 1_000_000 }),
    seed: readWhole('seed', seed, { least: 0, most: 2 ** 32 - 1 }),
  };
}

function readWhole(name: string, text: string, { least, most }: { least: number; most: number }): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new PulltrainError('usage', {
    what: `--${name}`,
    seen: text,
    allowed: `a whole number from ${least} to ${most}`,
  });
}

async function compare(
  base: Side,
  head: Side,
  policy: Pick<ModelConfig, 'gates' | 'protected' | 'slices'>,
  { cluster, ...settings }: Settings & { cluster: string | null },
): Promise<Comparison> {
  const evaluations = { base: base.evaluation, head: head.evaluation };
  requireSameRows(evaluations);
  const by = groupColumns(policy);
  const tables = await openTables();
  try {
    const predictions = await readPredictions({ base, head, by, cluster }, tables);
    return compareEvaluations(evaluations, predictions, policy, settings);
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
  const rows = comparison.metrics.flatMap(({ name, base, head, delta, direction, detectable }) => {
    const title = `${metricTitle(name).padEnd(width)} ${direction === 'higher' ? '↑' : '↓'}`;
    const values = `  ${title}  ${formatNumber(base)} -> ${formatNumber(head)}`;
    if (delta === null) return [`${values}  ${terminal.paint('dim', 'no change can be measured')}`];
    const range = terminal.paint('dim', ` [${formatChange(delta.low)}, ${formatChange(delta.high)}]`);
    const p = delta.p === null ? '' : `  p ${formatP(delta.p)}`;
    const reach = detectable === null ? '' : `; shows changes from ${formatNumber(detectable)} on`;
    return [
      `${values}  ${formatChange(delta.value)}${range}${p}`,
      terminal.paint('dim', `      ${describeMethod(delta)}${reach}`),
    ];
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
    ...(comparison.identical ? ['  Both give the same answers.'] : []),
    ...(gates ?? []),
    ...(verdict === null ? [] : [terminal.paint(colours[verdict.status], verdict.status)]),
  ].join('\n');
}

function describeMethod({ method, agreement }: Delta): string {
  if (agreement === undefined) return method;
  const { bothRight, onlyBaseRight, onlyHeadRight, bothWrong } = agreement;
  return `${method}: both right ${bothRight}, only base ${onlyBaseRight}, only head ${onlyHeadRight}, both wrong ${bothWrong}`;
}

function formatP(p: number): string {
  if (p === 0) return '< 1e-300';
  return p < 0.0001 ? p.toExponential(1) : p.toFixed(4);
}
