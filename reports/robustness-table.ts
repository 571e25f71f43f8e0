import type { Perturbation, PerturbationKind, Robustness } from '../pipelines/contracts/robustness.ts';
import { formatChange, formatCount, formatNumber } from './format-number.ts';
import { metricTitle } from './metric-title.ts';
import type { PlainTable } from './plain-table.ts';
import { formatShare } from './profile/format-value.ts';

const kinds: Readonly<Record<PerturbationKind, string>> = {
  missing: 'Missing value',
  out_of_range: 'Far out of range',
  unseen: 'Unseen category',
  noise: 'Small noise',
  garbage: 'Garbage of the right type',
};

/** The worst that happened for every kind of damage, over all inputs. */
export function robustnessTable({ byKind, metric }: Robustness): PlainTable {
  return {
    columns: [
      { title: 'One input is' },
      { title: 'Inputs tried', align: 'right' },
      { title: 'Failures', align: 'right' },
      { title: 'Decisions changed, at most', align: 'right' },
      { title: `${metricTitle(metric.name)} worse by, at most`, align: 'right' },
    ],
    rows: byKind.map(({ kind, tried, failures, mostChanged, mostWorse }) => [
      kinds[kind],
      formatCount(tried),
      formatCount(failures),
      mostChanged === null ? '–' : formatShare(mostChanged),
      formatNumber(mostWorse),
    ]),
  };
}

/** Input by input, failures first and then what harms most. */
export function perturbationTable({ perturbations }: Robustness): PlainTable {
  const sorted = perturbations.toSorted((left, right) => harmOf(right) - harmOf(left));
  return {
    columns: [
      { title: 'Input' },
      { title: 'Is' },
      { title: 'What came of it' },
      { title: 'Decisions changed', align: 'right' },
      { title: 'Mean move', align: 'right' },
      { title: 'Metric worse by', align: 'right' },
    ],
    rows: sorted.map(({ column, kind, value, failure, changedDecisions, move, worse }) => [
      column,
      `${kinds[kind]}: ${value}`,
      failure === null ? 'answers' : `${failure.kind.replaceAll('-', ' ')}: ${failure.message}`,
      changedDecisions === null ? '–' : formatShare(changedDecisions),
      formatNumber(move?.mean ?? null),
      formatChange(worse),
    ]),
  };
}

/** `No failure in 31 tries on 500 rows` */
export function describeRobustness({ perturbations, rows, deterministic }: Robustness): string {
  const failures = perturbations.filter(({ failure }) => failure !== null).length;
  const found = failures === 0 ? 'no failure' : `${failures} failure${failures === 1 ? '' : 's'}`;
  const same = deterministic ? '' : '; the same rows were answered differently the second time';
  return `${found} in ${formatCount(perturbations.length)} tries on ${formatCount(rows)} rows${same}`;
}

function harmOf({ failure, worse }: Perturbation): number {
  return failure !== null ? Number.POSITIVE_INFINITY : (worse ?? 0);
}
