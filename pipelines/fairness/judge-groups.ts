import { countDecisions } from '../comparison/decision-cells.ts';
import { columnsOf } from '../config/group-columns.ts';
import type { FairnessMeasure, GroupFairness } from '../contracts/fairness.ts';
import type { BinaryRows } from '../evaluation/judged-rows.ts';
import type { GroupColumn } from '../evaluation/measure-groups.ts';
import { seededRandom } from '../statistics/seeded-random.ts';
import { type CrossedColumn, crossColumns } from './cross-columns.ts';
import type { GroupFacts } from './group-facts.ts';
import { type FairnessPlan, measureAttribute, measureOverall } from './measure-attribute.ts';
import { scoreFacts } from './score-facts.ts';

const LEVEL = 0.95;
/** What a judgement tells of decisions; their complements and the means of several rates follow from these. */
const told: readonly FairnessMeasure[] = [
  'base_rate',
  'selection_rate',
  'tpr',
  'fpr',
  'ppv',
  'npv',
  'accuracy',
  'fn_fp_ratio',
];

export type JudgedGroups = {
  /** Entries of `protected`. */
  by: readonly string[];
  columns: readonly GroupColumn[];
  base: BinaryRows | null;
  head: BinaryRows;
};
/** `minGroup` may differ from one measure to another: gates say how large a group must be for theirs. */
export type JudgedPlan = {
  minGroup: number;
  minGroupOf(by: string, measure: FairnessMeasure): number;
  resamples: number;
  seed: number;
};

/** How a binary model, beside its base on the same rows, treats the groups of the protected columns. */
export function judgeGroups(
  subject: JudgedGroups,
  { minGroup, minGroupOf, resamples, seed }: JudgedPlan,
): GroupFairness {
  const { by, columns, base, head } = subject;
  const rows = head.labels.length;
  const planOf = (name: string): FairnessPlan => ({
    paired: base !== null && base.decisions !== null,
    level: LEVEL,
    resamples,
    minGroup,
    minGroupOf: (measure) => minGroupOf(name, measure),
    favourable: null,
    reference: null,
    questions: [],
    only: told,
  });
  const [all] = factsOf(crossColumns('', [], rows), base, head);
  const overall = all === undefined ? {} : measureOverall(all, planOf(''), seededRandom(seed));
  const attributes = by.flatMap((name) => {
    const own = columnsOf(name).flatMap((column) => columns.find((known) => known.by === column) ?? []);
    if (own.length < columnsOf(name).length) return [];
    const crossed = crossColumns(name, own, rows);
    const groups = factsOf(crossed, base, head);
    return [measureAttribute({ ...crossed, groups }, overall, planOf(name), seededRandom(seed))];
  });
  return {
    threshold: Number.isNaN(head.threshold) ? null : head.threshold,
    level: LEVEL,
    minGroup,
    overall,
    attributes,
  };
}

function factsOf(crossed: CrossedColumn, base: BinaryRows | null, head: BinaryRows): GroupFacts[] {
  const grouping = { codes: crossed.codes, groups: crossed.groups.length };
  const { labels, decisions } = head;
  const cells = decisions === null ? null : countDecisions(labels, base?.decisions ?? null, decisions, grouping);
  const n = new Uint32Array(grouping.groups);
  for (const code of crossed.codes) n[code] = (n[code] ?? 0) + 1;
  const sorted = (rows: BinaryRows) => ({ scores: rows.scores, order: rows.order() });
  const before = base === null || base.kind === 'none' ? null : base;
  const probabilities = head.kind === 'probabilities' && (before === null || before.kind === 'probabilities');
  const scored =
    head.kind === 'none'
      ? []
      : scoreFacts(
          labels,
          sorted(head),
          before === null ? null : sorted(before),
          { probabilities, losses: false },
          grouping,
        );
  return crossed.groups.map(({ group, values }, at) => ({
    group,
    values,
    n: n[at] ?? 0,
    leftOut: 0,
    cells: cells?.[at] ?? null,
    normals: scored[at]?.normals ?? [],
    calibration: scored[at]?.calibration ?? null,
  }));
}
