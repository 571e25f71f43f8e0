import type { Evaluation, MetricName, Task } from '../contracts/evaluation.ts';
import type { OpenTable } from '../data/open-table.ts';
import { PulltrainError } from '../errors.ts';
import { integrityOf, integrityOfDocument } from '../integrity.ts';
import type { Tables } from '../ports/tables.ts';
import { quoteName, quoteText } from '../quote-sql.ts';
import { type Cut, cutColumn } from './cut-column.ts';
import { defaultMetrics } from './default-metrics.ts';
import { rowCount } from './judged-rows.ts';
import type { GroupColumn } from './measure-groups.ts';
import type { MeasurePorts } from './measure-model.ts';
import { measureRows } from './measure-rows.ts';
import { metricsOf } from './metrics-of.ts';
import type { PredictionsAsk } from './predictions/predictions-ask.ts';
import { predictionsView } from './predictions/read-numbers.ts';
import { type PredictionsTable, readPredictionsTable } from './predictions/read-predictions-table.ts';
import { textSql } from './predictions/value-sql.ts';
import { mostColumns, readSearchColumns } from './search-columns.ts';

/** Groups of one column of `by`; numbers with more values are cut into fifths. */
const mostGroups = 1000;
const queryTable = 'pulltrain_predictions_queries';

export type PredictionsSubject = {
  model: string;
  table: Pick<OpenTable, 'source' | 'columns'>;
  /** How the file is called, and what its bytes are. */
  file: { name: string; integrity: string; sha256: string };
  /** Parquet file to write. */
  predictions: string;
};

/**
 * Journey: predictions that were made elsewhere, by a model of any kind, judged as those of a model are. Throws what
 * `readPredictionsTable` throws, `metric-unsuited` or `too-many-groups`.
 */
export async function evaluatePredictions(
  ask: PredictionsAsk,
  { model, table, file, predictions }: PredictionsSubject,
  { tables, integrityOfFile }: MeasurePorts,
): Promise<Evaluation> {
  const read = await readPredictionsTable(ask, table, tables);
  const { task, rows, classes, threshold, dropped } = read;
  const names = namesOf(task, read, ask.metrics);
  const by = await readGroups(read, tables);
  const search = await readSearchColumns(searched(read, table, mostColumns), place(rowCount(rows)), tables);
  await writeParquet(read, by, predictions, tables);
  const groups = by.map(({ column }) => column);
  return {
    kind: 'evaluation',
    version: 1,
    model,
    sha256: file.sha256,
    source: 'predictions',
    task,
    threshold,
    ...(classes === null ? {} : { classes: [...classes] }),
    holdout: {
      data: file.name,
      dataIntegrity: file.integrity,
      rule: dropped === 0 ? 'every row' : `every complete row, ${dropped} of ${rowCount(rows) + dropped} left out`,
      from: null,
      to: null,
      rows: rowCount(rows),
      integrity: await integrityOfRows(read, groups, tables),
    },
    inputs: [],
    ...measureRows(names, rows, { by: groups, search, ...(classes === null ? {} : { classes }) }),
    predictions: {
      path: predictions.slice(predictions.lastIndexOf('/') + 1),
      integrity: await integrityOfFile(predictions),
      rows: rowCount(rows),
    },
  };
}

function namesOf(task: Task, { rows }: PredictionsTable, asked: readonly MetricName[] | null): MetricName[] {
  const [primary, ...also] = asked ?? defaultMetrics(rows);
  if (primary === undefined) throw new PulltrainError('usage', { what: 'no metric was named', where: '--metrics' });
  return metricsOf({ task, metrics: { primary, also } }, '--metrics');
}

function place(rows: number) {
  return { relation: predictionsView, rowNumber: '"~row"', rows };
}

/** Columns that slices are looked for in: those of `by`, then all that are neither truth nor answer nor a name of the row. */
function searched({ columns }: PredictionsTable, { columns: all }: Pick<OpenTable, 'columns'>, most: number) {
  const { label, score, prediction, query, id, by } = columns;
  const taken = new Set(
    [...label, ...score, ...prediction, ...(query ? [query] : []), ...(id ? [id] : [])].map(({ name }) => name),
  );
  const asked = by.flatMap((one) => one.columns);
  const first = asked.filter(({ name }, at) => !taken.has(name) && asked.findIndex((own) => own.name === name) === at);
  const others = all.filter(({ name }) => !taken.has(name) && !asked.some((own) => own.name === name));
  return [...first, ...others].slice(0, most);
}

type Grouped = { column: GroupColumn; sql: string };

async function readGroups({ columns, rows }: PredictionsTable, tables: Tables): Promise<Grouped[]> {
  const place = { relation: predictionsView, rows: rowCount(rows), mostGroups, mostNumbers: 200 };
  const found: Grouped[] = [];
  for (const { name, columns: parts } of columns.by) {
    const cuts: Cut[] = [];
    for (const part of parts) {
      const cut = await cutColumn(part, place, tables);
      if (cut === null || cut.folded) throw tooMany(part.name);
      cuts.push(cut);
    }
    const names = cuts.reduce(
      (left: readonly string[], cut) =>
        left.length === 0 ? cut.names : left.flatMap((own) => cut.names.map((other) => `${own}, ${other}`)),
      [],
    );
    if (names.length > mostGroups) throw tooMany(name);
    const sql = cuts
      .map((cut, at) => [`(${cut.sql})`, ...cuts.slice(at + 1).map((next) => next.names.length)].join(' * '))
      .join(' + ');
    const { code: codes = new Float64Array() } = await tables.columns(`SELECT ${sql} AS code FROM ${predictionsView}`, [
      'code',
    ]);
    const list = names.map(quoteText).join(', ');
    found.push({
      column: withRows({ by: name, names: [...names], codes }),
      sql: `([${list}])[CAST(${sql} AS INTEGER) + 1]`,
    });
  }
  return found;
}

/** Combinations of values that no row has are no groups. */
function withRows({ by, names, codes }: GroupColumn): GroupColumn {
  const sizes = new Float64Array(names.length);
  for (let row = 0; row < codes.length; row += 1) sizes[codes[row] ?? 0] = (sizes[codes[row] ?? 0] ?? 0) + 1;
  const kept = names.flatMap((_, code) => ((sizes[code] ?? 0) > 0 ? [code] : []));
  if (kept.length === names.length) return { by, names, codes };
  const places = Float64Array.from(names, (_, code) => kept.indexOf(code));
  return { by, names: kept.map((code) => names[code] ?? ''), codes: codes.map((code) => places[code] ?? 0) };
}

function tooMany(name: string): PulltrainError {
  return new PulltrainError('too-many-groups', {
    what: 'too many values to show groups of them',
    where: `--by ${name}`,
    allowed: `${mostGroups} groups at most`,
  });
}

async function writeParquet(
  { written, rows, columns: { cluster } }: PredictionsTable,
  by: readonly Grouped[],
  path: string,
  tables: Tables,
): Promise<void> {
  const ranked = rows.task === 'ranking';
  if (ranked) await tables.load(queryTable, { '~query': rows.queries });
  const list = [
    '"~row" AS row',
    ...Object.entries(written).map(([name, { sql }]) => `CAST(${sql} AS DOUBLE) AS ${quoteName(name)}`),
    ...(ranked ? ['"~query" AS query'] : []),
    ...by.map(({ column, sql }) => `${sql} AS ${quoteName(column.by)}`),
    ...(cluster === null || by.some(({ column }) => column.by === cluster.name)
      ? []
      : [`CAST(${quoteName(cluster.name)} AS VARCHAR) AS ${quoteName(cluster.name)}`]),
  ];
  // Row by row: both keep the order of the file.
  const relation = ranked ? `${predictionsView} POSITIONAL JOIN ${queryTable}` : predictionsView;
  await tables.query(
    `COPY (SELECT ${list.join(', ')} FROM ${relation}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
  );
}

/** What two evaluations of the same rows share: truth, names and groups in order, and nothing of what was predicted. */
async function integrityOfRows(
  { task, rows, classes, columns }: PredictionsTable,
  by: readonly GroupColumn[],
  tables: Tables,
): Promise<string> {
  const labels = rows.task === 'multilabel' ? rows.labels : [rows.labels];
  return integrityOfDocument({
    task,
    rows: rowCount(rows),
    classes,
    labels: labels.map(integrityOfNumbers),
    ...(rows.task === 'ranking' ? { queries: integrityOfNumbers(rows.queries) } : {}),
    ...(columns.id === null ? {} : { id: await integrityOfNames(textSql(columns.id), tables) }),
    by: by.map(({ by: name, names, codes }) => ({ name, names, codes: integrityOfNumbers(codes) })),
  });
}

function integrityOfNumbers(values: Float64Array): string {
  return integrityOf(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

async function integrityOfNames(text: string, tables: Tables): Promise<string> {
  const [row = {}] = await tables.query(
    `SELECT sha256(string_agg(sha256(${text}), '' ORDER BY "~row")) AS digest, count(*) - count(DISTINCT ${text}) AS repeated FROM ${predictionsView}`,
  );
  if (Number(row.repeated ?? 0) === 0) return String(row.digest);
  throw new PulltrainError('label-invalid', {
    what: 'a row is named more than once',
    where: '--id',
    seen: `${row.repeated} repetitions`,
    cure: 'Name the column, or leave --id out, when several rows belong together.',
  });
}
