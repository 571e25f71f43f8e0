import { resolve } from 'node:path';
import { drawChart } from '../adapters/charts/draw-chart.ts';
import { openScorer } from '../adapters/onnx/open-scorer.ts';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import type { Explanation } from '../pipelines/contracts/explanation.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import { SEED } from '../pipelines/evaluation/estimate.ts';
import { observeRows } from '../pipelines/evaluation/observe-rows.ts';
import { drawSample } from '../pipelines/explanation/draw-sample.ts';
import { type ExplainedSide, explainHoldout } from '../pipelines/explanation/explain-holdout.ts';
import { explainRow } from '../pipelines/explanation/explain-row.ts';
import { type ExplanationSizes, thoroughSizes } from '../pipelines/explanation/explanation-sizes.ts';
import { predictorOf } from '../pipelines/explanation/predictor-of.ts';
import { takeColumns } from '../pipelines/explanation/take-columns.ts';
import type { OpenModel } from '../pipelines/ports/scorer.ts';
import { seededRandom } from '../pipelines/statistics/seeded-random.ts';
import { renderExplanationText } from '../reports/explanation-text.ts';
import { renderExplanationPage } from '../reports/page/render-explanation-page.ts';
import { requireFile } from './data/require-file.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';
import { type Holdout, withHoldout } from './with-holdout.ts';

const options = {
  model: { type: 'string', placeholder: 'FILE', about: 'ONNX file to explain' },
  data: { type: 'string', placeholder: 'FILE', about: 'table with the labelled rows: Parquet, CSV or JSON lines' },
  config: {
    type: 'string',
    default: 'pulltrain.yml',
    placeholder: 'FILE',
    about: 'configuration with the holdout rule and the metric',
  },
  name: {
    type: 'string',
    placeholder: 'NAME',
    about: 'model of the configuration; may be left out when it is the only one',
  },
  base: {
    type: 'string',
    placeholder: 'FILE',
    about: 'ONNX file to compare with: what does the model go by more, or less',
  },
  row: { type: 'string', placeholder: 'N', about: 'row of the holdout, from 0, whose answer is explained' },
  rows: { type: 'string', default: '5000', placeholder: 'COUNT', about: 'rows that importance is measured on' },
  seed: {
    type: 'string',
    default: String(SEED),
    placeholder: 'N',
    about: 'the same seed draws the same rows and shuffles',
  },
  out: { type: 'string', placeholder: 'FILE', about: 'where the explanation is left as JSON' },
  html: { type: 'string', placeholder: 'FILE', about: 'where it is left as a page with pictures' },
} as const;

/** `pulltrain explain`: what a model goes by, and why a row got its answer. */
export const explainVerb: Verb = {
  name: 'explain',
  summary: 'tell what a model goes by, and why a row got its answer',
  help: formatHelp({
    usage: 'explain --model FILE --data FILE [--base FILE] [--row N] [options]',
    about:
      'Permutation importance with intervals, SHAP values and partial dependence of any ONNX model on the rows of the holdout.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const data = requireOption(values.data, 'data');
  const paths = {
    head: await requireFile(requireOption(values.model, 'model'), terminal),
    base: values.base === undefined ? null : await requireFile(values.base, terminal),
  };
  const asked = {
    row: values.row === undefined ? null : wholeNumber(values.row, 'row', 0),
    rows: wholeNumber(values.rows, 'rows', 2),
    seed: wholeNumber(values.seed, 'seed', 0),
  };
  const explanation = await withHoldout({ data, config: values.config, name: values.name }, terminal, (holdout) =>
    explain(paths, asked, holdout),
  );
  if (values.out !== undefined) {
    await writeFileAtomically(resolve(terminal.directory, values.out), `${JSON.stringify(explanation, null, 2)}\n`);
  }
  if (values.html !== undefined) {
    const page = await renderExplanationPage(explanation, drawChart);
    await writeFileAtomically(resolve(terminal.directory, values.html), page);
  }
  terminal.answer(explanation, renderExplanationText(explanation, terminal.paint));
  return 0;
}

type Paths = { head: string; base: string | null };
type Asked = { row: number | null; rows: number; seed: number };

async function explain(paths: Paths, { row, rows, seed }: Asked, holdout: Holdout): Promise<Explanation> {
  const { model, policy, loaded, tables } = holdout;
  if (row !== null && row >= loaded.labels.length) {
    throw new PulltrainError('usage', {
      what: `--row cannot be ${row}`,
      allowed: `0 to ${loaded.labels.length - 1}`,
    });
  }
  const sizesFor = (inputs: number): ExplanationSizes => ({ ...thoroughSizes(inputs), rows });
  const units = loaded.queries ?? null;
  const sample = drawSample({ of: loaded.labels.length, most: rows, units }, seededRandom(seed));
  const scorer = await openScorer();
  const opened: OpenModel[] = [];
  const observe = async (path: string, wanted: Uint32Array): Promise<ExplainedSide> => {
    const open = await scorer.open(path);
    opened.push(open);
    const { columns } = await observeRows(wanted, { model: open, policy, loaded }, tables);
    return { open, columns };
  };
  try {
    const { open, columns: all } = await observe(
      paths.head,
      Uint32Array.of(...sample.rows, ...(row === null ? [] : [row])),
    );
    const columns = takeColumns(all, Uint32Array.from(sample.rows.keys()));
    const base = paths.base === null ? null : await observe(paths.base, sample.rows);
    const subject = { model, policy, loaded, sample, seed };
    const explanation = await explainHoldout(subject, { head: { open, columns }, base }, sizesFor);
    if (row === null) return explanation;
    const asked = { row, columns: takeColumns(all, Uint32Array.of(sample.rows.length)), sample: columns };
    const sizes = sizesFor(open.description.inputs.length);
    const predictor = predictorOf(open, { task: policy.task, classes: loaded.classes });
    return { ...explanation, row: await explainRow(asked, { sizes, seed }, predictor) };
  } finally {
    await Promise.all(opened.map((model) => model.close()));
  }
}

function wholeNumber(text: string, option: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new PulltrainError('usage', { what: `--${option} cannot be ${text}`, allowed: `a whole number from ${least}` });
}
