import type { LeakageFinding, LeakageReport } from '../../contracts/leakage-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { askTable } from '../ask-table.ts';
import { requireColumns } from '../require-columns.ts';
import { comparedColumns } from './compared-columns.ts';
import { findSharedEntities, findTimeOverlap } from './find-shared-entities.ts';
import { findSimilarTexts } from './find-similar-texts.ts';
import { countRepeats, findExactTwins, findNearTwins, type Pair } from './find-twins.ts';

export type LeakageSubject = Pair & {
  paths: { train: string; holdout: string };
  /** Columns that are not compared, such as identifiers. */
  ignore: readonly string[];
  label: string | undefined;
  time: string | undefined;
  /** Each the columns that together name an entity. */
  entities: readonly (readonly string[])[];
  texts: readonly string[];
  /** Columns whose values are never printed. */
  sensitive: readonly string[];
  /** Largest shares of rows; without one, hits are shown and fail nothing. */
  limits: Partial<Record<LeakageFinding['check'], number>>;
};

/** Looks for what of a holdout may have been seen in training. Throws `column-missing` or `columns-differ`. */
export async function findLeakage(subject: LeakageSubject, tables: Tables): Promise<LeakageReport> {
  const { train, holdout, paths, ignore, label, time, entities, texts, sensitive, limits } = subject;
  const named = [...entities.flat(), ...texts, ...(time === undefined ? [] : [time])];
  requireColumns(named, train.columns, paths.train);
  requireColumns([...named, ...(label === undefined ? [] : [label])], holdout.columns, paths.holdout);
  requireColumns(ignore, [...train.columns, ...holdout.columns], `${paths.train}, ${paths.holdout}`);
  const features = comparedColumns(train, holdout, label === undefined ? ignore : [...ignore, label]);
  const pair = { train, holdout };
  return askTable(async () => {
    const found = [
      await findExactTwins(tables, pair, features, sensitive),
      await findNearTwins(tables, pair, features, sensitive),
    ];
    for (const text of texts) found.push(await findSimilarTexts(tables, pair, text, sensitive));
    for (const entity of entities) found.push(await findSharedEntities(tables, pair, entity, sensitive));
    if (time !== undefined) found.push(await findTimeOverlap(tables, pair, time));
    const findings = found.map((finding) => judge(finding, limits[finding.check] ?? null));
    const [count] = await tables.query(`SELECT count(*) AS rows FROM ${train.from}`);
    return {
      kind: 'leakage-report',
      version: 1,
      train: { path: paths.train, rows: Number(count?.rows ?? 0) },
      holdout: { path: paths.holdout, rows: found[0]?.of ?? 0 },
      repeats: await countRepeats(tables, holdout, features),
      status: findings.some(({ status }) => status === 'fail') ? 'fail' : 'pass',
      findings,
    };
  }, `${paths.train}, ${paths.holdout}`);
}

function judge(finding: Omit<LeakageFinding, 'limit' | 'status'>, limit: number | null): LeakageFinding {
  const { rows, of } = finding;
  const status = rows === 0 ? 'pass' : limit === null ? 'shown' : rows > limit * of + 1e-9 ? 'fail' : 'pass';
  return { ...finding, limit, status };
}
