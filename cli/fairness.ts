import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { writeFileAtomically } from '../adapters/workspace/write-file-atomically.ts';
import { fairnessMeasureSchema } from '../pipelines/contracts/fairness.ts';
import { PulltrainError } from '../pipelines/errors.ts';
import type { FairnessQuestion } from '../pipelines/fairness/fairness-question.ts';
import { measureFairness } from '../pipelines/fairness/measure-fairness.ts';
import { openAsWritten } from '../pipelines/fairness/open-as-written.ts';
import { renderFairnessText } from '../reports/fairness-text.ts';
import { renderFairnessPage } from '../reports/page/fairness-page.ts';
import { openingOf, readingOptions } from './data/reading-options.ts';
import { withTables } from './data/with-tables.ts';
import { formatHelp, parseOptions, requireOption } from './options.ts';
import type { ExitCode, Terminal, Verb } from './verb.ts';

const options = {
  data: { type: 'string', placeholder: 'FILE', about: 'table: Parquet, CSV or JSON lines' },
  label: { type: 'string', placeholder: 'COLUMN', about: 'what was true' },
  prediction: { type: 'string', placeholder: 'COLUMN', about: 'what was decided' },
  score: { type: 'string', placeholder: 'COLUMN', about: 'what was scored; decides where there is no --prediction' },
  threshold: {
    type: 'string',
    placeholder: 'NUMBER',
    about: 'score from which on a row is selected; 0.5 for scores in 0..1',
  },
  by: {
    type: 'string',
    multiple: true,
    placeholder: 'COLUMNS',
    about: 'columns whose values are the groups; a*b for each pair of values',
  },
  positive: {
    type: 'string',
    placeholder: 'VALUE',
    about: 'label that counts as positive; 1, true and yes need no telling',
  },
  selected: {
    type: 'string',
    placeholder: 'VALUES',
    about: 'predictions that count as selected, where they are not called like the positive label',
  },
  favourable: { type: 'string', placeholder: 'VALUE', about: 'prediction that is good for the one it is about' },
  'base-prediction': { type: 'string', placeholder: 'COLUMN', about: 'what another model decided of the same rows' },
  'base-score': { type: 'string', placeholder: 'COLUMN', about: 'what another model scored' },
  control: { type: 'string', placeholder: 'COLUMN', about: 'also tell all within each value of this column' },
  reference: {
    type: 'string',
    placeholder: 'GROUP',
    about: 'group that every other is tested against; all other rows if left out',
  },
  question: {
    type: 'string',
    placeholder: 'MEASURES',
    about: 'what every group is tested for, p adjusted for the number of groups',
  },
  'min-group': {
    type: 'string',
    default: '30',
    placeholder: 'ROWS',
    about: 'groups with fewer rows to divide by are listed and not judged',
  },
  task: {
    type: 'string',
    placeholder: 'TASK',
    about: 'binary, multiclass or regression; told from the label if left out',
  },
  resamples: { type: 'string', default: '2000', placeholder: 'COUNT', about: 'bootstrap draws' },
  seed: { type: 'string', default: '1', placeholder: 'NUMBER', about: 'the same seed draws the same' },
  out: { type: 'string', placeholder: 'FILE', about: 'write everything as JSON' },
  html: { type: 'string', placeholder: 'FILE', about: 'write a page with pictures' },
  ...readingOptions,
} as const;

/** `pulltrain fairness`: how the predictions in a table treat the groups of some of its columns. */
export const fairnessVerb: Verb = {
  name: 'fairness',
  summary: 'compare how predictions treat groups',
  help: formatHelp({
    usage: 'fairness --data FILE --label COLUMN --prediction COLUMN --by COLUMNS [options]',
    about:
      'Rates of every group with 95 % intervals, and how far the groups lie apart: between them and from all rows, with the worst pair named.',
    options,
  }),
  run,
};

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = parseOptions(args, options);
  const address = requireOption(values.data, 'data');
  const question = questionOf(values);
  const file = resolve(terminal.directory, address);
  const found = await stat(file).catch(() => null);
  if (found === null || !found.isFile()) {
    throw new PulltrainError('file-missing', { what: 'there is no such file', where: address });
  }
  const fairness = await withTables(async (tables) => {
    const table = await openAsWritten(file, openingOf(values), question, {
      tables,
      scratch: { table: 'pulltrain_fairness_file' },
    });
    return measureFairness(question, { ...table, name: basename(address) }, tables);
  });
  if (values.out !== undefined) {
    await writeFileAtomically(resolve(terminal.directory, values.out), `${JSON.stringify(fairness, null, 2)}\n`);
  }
  if (values.html !== undefined) {
    const { drawChart } = await import('../adapters/charts/draw-chart.ts');
    await writeFileAtomically(resolve(terminal.directory, values.html), await renderFairnessPage(fairness, drawChart));
  }
  terminal.answer(fairness, renderFairnessText(fairness, terminal.paint));
  return 0;
}

type Values = ReturnType<typeof parseOptions<typeof options>>['values'];

function questionOf(values: Values): FairnessQuestion {
  const threshold = values.threshold === undefined ? null : numberOf(values.threshold, 'threshold');
  const { task = null } = values;
  if (task !== null && task !== 'binary' && task !== 'multiclass' && task !== 'regression') {
    throw new PulltrainError('usage', { what: '--task', seen: task, allowed: 'binary, multiclass, regression' });
  }
  return {
    label: requireOption(values.label, 'label'),
    prediction: values.prediction ?? null,
    score: values.score ?? null,
    threshold,
    basePrediction: values['base-prediction'] ?? null,
    baseScore: values['base-score'] ?? null,
    by: values.by ?? [],
    control: values.control ?? null,
    task,
    positive: values.positive ?? null,
    selected: values.selected?.split(',') ?? [],
    favourable: values.favourable ?? null,
    reference: values.reference ?? null,
    questions: values.question === undefined ? null : values.question.split(',').map(measureOf),
    minGroup: countOf(values['min-group'], 'min-group', 1),
    resamples: countOf(values.resamples, 'resamples', 100),
    seed: countOf(values.seed, 'seed', 0),
  };
}

function measureOf(name: string) {
  const measure = fairnessMeasureSchema.safeParse(name.trim());
  if (measure.success) return measure.data;
  throw new PulltrainError('usage', {
    what: '--question',
    seen: name,
    allowed: fairnessMeasureSchema.options.join(', '),
  });
}

function numberOf(text: string, option: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isFinite(number)) return number;
  throw new PulltrainError('usage', { what: `--${option}`, seen: text, allowed: 'a number' });
}

function countOf(text: string, option: string, least: number): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= least && count <= 1_000_000) return count;
  throw new PulltrainError('usage', {
    what: `--${option}`,
    seen: text,
    allowed: `a whole number from ${least} to 1000000`,
  });
}
