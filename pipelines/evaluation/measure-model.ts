import type { ModelConfig } from '../config/schema.ts';
import type { Evaluation } from '../contracts/evaluation.ts';
import type { Tables } from '../ports/tables.ts';
import { judgedRowsOf } from './judged-rows-of.ts';
import { holdoutTable, type LoadedHoldout } from './load-holdout.ts';
import { measureGroups } from './measure-groups.ts';
import { measureRows, type SearchColumns } from './measure-rows.ts';
import { metricsOf } from './metrics-of.ts';
import type { ScoreResult } from './score-model.ts';
import { readSearchColumns } from './search-columns.ts';
import { loadScores, writePredictions } from './write-predictions.ts';

export { SEED } from './estimate.ts';

/** Columns in which bad slices are looked for: those of the policy and then inputs, with all their pairs. */
const searchedColumns = 6;

export type MeasurePorts = {
  tables: Tables;
  /** Integrity of a file that was just written. */
  integrityOfFile(path: string): Promise<string>;
};

export type MeasureSubject = {
  model: string;
  policy: ModelConfig;
  loaded: LoadedHoldout;
  /** Parquet file to write; the document keeps its last part. */
  predictions: string;
};

/** How good a model's answers on a holdout are, and for whom. Throws what the ports throw or `metric-unsuited`. */
export async function measureModel(
  { model, policy, loaded, predictions }: MeasureSubject,
  result: ScoreResult,
  { tables, integrityOfFile }: MeasurePorts,
): Promise<Evaluation> {
  const { holdout, labels, groups, classes } = loaded;
  const decides = policy.task === 'binary' || policy.task === 'multilabel';
  const names = metricsOf(policy);
  const rows = judgedRowsOf(policy, loaded, result.scores);
  const search = await searchColumns(loaded, result, tables);
  await loadScores(result.scores, loaded, tables);
  const [, { measured, byGroup }] = await Promise.all([
    writePredictions({ path: predictions, by: groups.map(({ by }) => by) }, tables),
    // Computed while the table engine writes.
    (async () => ({
      measured: measureRows(names, rows, { by: groups, search }),
      byGroup: rows.task === 'binary' ? groups.flatMap((column) => measureGroups(column, rows)) : [],
    }))(),
  ]);
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
    groups: byGroup,
    cost: result.cost,
    predictions: {
      path: predictions.slice(predictions.lastIndexOf('/') + 1),
      integrity: await integrityOfFile(predictions),
      rows: labels.length,
    },
  };
}

async function searchColumns(
  { columns, groups, labels }: LoadedHoldout,
  { inputs }: ScoreResult,
  tables: Tables,
): Promise<SearchColumns> {
  const names = new Set([...groups.map(({ by }) => by), ...inputs.map(({ name }) => name)]);
  const wanted = [...names].flatMap((name) => {
    const type = columns.get(name);
    return type === undefined ? [] : [{ name, type }];
  });
  const place = { relation: holdoutTable, rowNumber: '"~row"', rows: labels.length };
  return readSearchColumns(wanted.slice(0, searchedColumns), place, tables);
}
