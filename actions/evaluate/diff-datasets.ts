import type { Enclosure } from '../../adapters/onnx/enclosure.ts';
import { diffInChild } from '../../adapters/tables/diff-in-child.ts';
import type { DataDiff } from '../../pipelines/contracts/data-diff.ts';
import { isTable } from '../../pipelines/data/table-source.ts';
import { PulltrainError } from '../../pipelines/errors.ts';
import { fetchTrainingData } from './fetch-data.ts';
import type { TracedChange } from './trace-change.ts';

/** Datasets whose rows are compared; more are told by their pointers alone. */
const mostCompared = 3;

/**
 * What the pull request changes in the rows of the data that goes in. It only informs, so data that cannot be compared is
 * told with `say` and holds up nothing.
 */
export async function diffDatasets(
  { datasets, pointers }: Pick<TracedChange, 'datasets' | 'pointers'>,
  place: { remote: string; folder: string; label: string; enclosure: Enclosure },
  say: (line: string) => void,
): Promise<DataDiff[]> {
  const diffs: DataDiff[] = [];
  const tables = datasets.filter(({ base, head }) => isTable(base.path) && isTable(head.path));
  for (const { base, head } of tables.slice(0, mostCompared)) {
    try {
      const sources = [base, head].map(({ path, integrity }) => ({ path, integrity, origin: 'pointer' as const }));
      const [before, after] = await fetchTrainingData(sources, pointers, place);
      if (before?.file == null || after?.file == null) continue;
      diffs.push(
        await diffInChild(
          {
            base: { path: base.path, file: before.file },
            head: { path: head.path, file: after.file },
            label: place.label,
          },
          place.enclosure,
        ),
      );
    } catch (thrown) {
      if (!(thrown instanceof PulltrainError)) throw thrown;
      say(thrown.message.replace(/\s+/g, ' '));
    }
  }
  return diffs;
}
