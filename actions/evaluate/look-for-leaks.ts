import type { Problem, SeenRows } from '../../pipelines/contracts/judgement.ts';
import { findLeaks, type TrainingData } from '../../pipelines/evaluation/find-leaks.ts';
import { findSeenRows } from '../../pipelines/evaluation/find-seen-rows.ts';
import { tellSeenRows } from '../../pipelines/evaluation/tell-seen-rows.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import type { Problems } from './collect-problems.ts';
import type { BothSubject } from './evaluate-both.ts';
import { fetchTrainingData } from './fetch-data.ts';

export type Leaks = { seenRows: SeenRows[]; warnings: Problem[] };

/**
 * Looks for rows of the holdout, by their time, their entities and as a whole, in what candidate and base were trained on.
 * What makes a judgement impossible becomes a problem, what a reviewer should weigh a warning.
 */
export async function lookForLeaks(
  {
    policy,
    traced,
    base,
    loaded,
    dataRemote,
    folder,
  }: Omit<BothSubject, 'model' | 'run' | 'runDirectory' | 'directory'>,
  tables: Tables,
  problems: Problems,
): Promise<Leaks> {
  const leaks: Leaks = { seenRows: [], warnings: [] };
  if (loaded === null) return leaks;
  const { time, entity = [], max_seen: limit } = policy.holdout;
  const rule = { holdout: loaded.holdout, time, entity: typeof entity === 'string' ? [entity] : entity };
  const trained = [
    { model: 'head' as const, who: 'The candidate', sources: traced?.identity.sources ?? [] },
    { model: 'base' as const, who: base?.name ?? '', sources: base?.sources ?? [] },
  ];
  const place = { remote: dataRemote, folder };
  const found = new Map<string, Promise<Awaited<ReturnType<typeof findSeenRows>>>>();
  const search = async ({ file, integrity }: TrainingData) => {
    if (file === null || integrity === loaded.holdout.dataIntegrity) return null;
    const { columns, holdout } = loaded;
    const subject = { file, columns, rows: holdout.rows, time, limit };
    const searched = found.get(integrity) ?? findSeenRows(subject, tables);
    found.set(integrity, searched);
    return searched;
  };
  for (const { model, who, sources } of trained) {
    await problems.attempt(async (add) => {
      const data = await fetchTrainingData(sources, traced?.pointers ?? new Map(), place);
      add(await findLeaks(who, data, rule, tables));
      for (const one of data) {
        const seen = await search(one);
        if (seen === null) continue;
        const rows: SeenRows = { model, path: one.path, ...seen };
        const told = tellSeenRows(who, rows);
        leaks.seenRows.push(rows);
        add(told.problems);
        leaks.warnings.push(...told.warnings);
      }
    });
  }
  return { ...leaks, seenRows: leaks.seenRows.slice(0, 20) };
}
