import { findLeaks } from '../../pipelines/evaluation/find-leaks.ts';
import type { LoadedHoldout } from '../../pipelines/evaluation/load-holdout.ts';
import type { Tables } from '../../pipelines/ports/tables.ts';
import type { Problems } from './collect-problems.ts';
import type { BothSubject } from './evaluate-both.ts';
import { fetchTrainingData } from './fetch-data.ts';

/** Looks for rows of the holdout in what candidate and base were trained on. */
export async function lookForLeaks(
  { policy, traced, base, dataRemote, folder }: BothSubject,
  { holdout }: LoadedHoldout,
  tables: Tables,
  problems: Problems,
): Promise<void> {
  const { time, entity = [] } = policy.holdout;
  const rule = { holdout, time, entity: typeof entity === 'string' ? [entity] : entity };
  const place = { remote: dataRemote, folder };
  const trained = [
    { who: 'The candidate', sources: traced?.identity.sources ?? [] },
    { who: base?.name ?? '', sources: base?.sources ?? [] },
  ];
  for (const { who, sources } of trained) {
    await problems.attempt(async () => {
      const data = await fetchTrainingData(sources, traced?.pointers ?? new Map(), place);
      problems.add(...(await findLeaks(who, data, rule, tables)));
    });
  }
}
