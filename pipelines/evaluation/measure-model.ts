import type { ModelConfig } from '../config/schema.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Tables } from '../ports/tables.ts';
import { holdoutTable, type LoadedHoldout } from './load-holdout.ts';
import { type Answers, measureAnswers } from './measure-answers.ts';
import type { MeasuredRows, SearchColumns } from './measure-rows.ts';
import { metricsOf } from './metrics-of.ts';
import type { ScoreResult } from './score-model.ts';
import { readSearchColumns } from './search-columns.ts';
import { loadScores, type Side, writePredictions } from './write-predictions.ts';

export { SEED } from './estimate.ts';

/** Columns in which bad slices are looked for: those of the policy and then inputs, with all their pairs. */
const searchedColumns = 6;

export type MeasurePorts = {
  tables: Tables;
  /** Integrity of a file that was just written. */
  integrityOfFile(path: string): Promise<string>;
  /** `measureAnswers` in another thread; in this one when left out. */
  measure?: (answers: Answers) => Promise<MeasuredRows>;
};

export type MeasureSubject = {
  model: string;
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Whose scores these are, where two models are measured at a time. */
  side: Side;
  /** Parquet file to write; the document keeps its last part. */
  predictions: string;
};

/** How good a model's answers on a holdout are, and for whom. Throws what the ports throw or `metric-unsuited`. */
export async function measureModel(
  { model, policy, loaded, side, predictions }: MeasureSubject,
  result: ScoreResult,
  { tables, integrityOfFile, measure = async (answers) => measureAnswers(answers) }: MeasurePorts,
): Promise<Evaluation> {
  const { holdout, labels, groups, classes } = loaded;
  const decides = policy.task === 'binary' || policy.task === 'multilabel';
  const names = metricsOf(policy);
  const { labelColumns, queries } = loaded;
  // Where the base errs most decides nothing.
  const search = side === 'head' ? await searchColumns(side, loaded, result, tables) : { columns: [], step: 1 };
  const truth = {
    labels,
    classes,
    groups,
    ...(labelColumns === undefined ? {} : { labelColumns }),
    ...(queries === undefined ? {} : { queries }),
  };
  const { task, threshold } = policy;
  const measuring = measure({ names, policy: { task, threshold }, truth, scores: result.scores, search });
  // Meanwhile the table engine writes.
  const writing = (async () => {
    await loadScores(side, result.scores, loaded, tables);
    await writePredictions({ side, path: predictions, by: groups.map(({ by }) => by) }, tables);
  })();
  const [measured] = await Promise.all([measuring, writing]);
  return {
    kind: 'evaluation',
    version: 1,
    model,
    sha256: result.sha256,
    task: policy.task,
    threshold: decides ? policy.threshold : null,
    ...(classes.length === 0 ? {} : { classes: [...classes] }),
    holdout,
    inputs: result.inputs.map(({ name, type }) => ({ name, type })),
    ...measured,
    cost: result.cost,
    predictions: {
      path: predictions.slice(predictions.lastIndexOf('/') + 1),
      integrity: await integrityOfFile(predictions),
      rows: labels.length,
    },
  };
}

async function searchColumns(
  side: Side,
  { columns, groups, labels }: LoadedHoldout,
  { inputs }: ScoreResult,
  tables: Tables,
): Promise<SearchColumns> {
  const names = new Set([...groups.map(({ by }) => by), ...inputs.map(({ name }) => name)]);
  const wanted = [...names].flatMap((name) => {
    const type = columns.get(name);
    return type === undefined ? [] : [{ name, type }];
  });
  const place = { relation: holdoutTable, rowNumber: '"~row"', rows: labels.length, table: `pulltrain_search_${side}` };
  return readSearchColumns(wanted.slice(0, searchedColumns), place, tables);
}
