import type { WorstSlices } from '../contracts/evaluation.ts';
import { holm } from '../statistics/holm.ts';
import { mean } from '../statistics/moments.ts';
import { normalInterval } from '../statistics/normal-interval.ts';
import { normalSurvival } from '../statistics/normal-survival.ts';
import { LEVEL } from './estimate.ts';
import type { GroupColumn } from './measure-groups.ts';
import type { RowLoss } from './row-loss.ts';

/** Slices that are listed. */
const most = 10;
/** Combinations of two columns beyond which a pair is left out. */
const mostCells = 10_000;

type Found = WorstSlices['slices'][number];

/**
 * Where the model errs most: the mean loss of every group of one column, and of every pair of groups of two, against that
 * of all other rows (Welch, one-sided, with Holm's correction over all that were looked at). Listed by the lower end of
 * the interval of the difference, so that few rows must show much; a pair is left out below one of its own columns.
 */
export function findWorstSlices(columns: readonly GroupColumn[], loss: RowLoss): WorstSlices {
  const rows = loss.values.length;
  const minSize = Math.max(50, Math.ceil(rows / 200));
  const all = momentsOf(loss.values);
  const found: Omit<Found, 'adjustedP'>[] = [];
  const look = (cells: Cells, whereOf: (cell: number) => Found['where']) => {
    for (let cell = 0; cell < cells.rows.length; cell += 1) {
      const n = cells.rows[cell] ?? 0;
      if (n < minSize || rows - n < minSize) continue;
      const { value, difference, standardError } = againstRest(cells, cell, all);
      const p = standardError === 0 ? Number(difference <= 0) : normalSurvival(difference / standardError);
      const interval = normalInterval(difference, standardError, LEVEL);
      found.push({ where: whereOf(cell), n, value, difference, interval, p: Math.min(1, p) });
    }
  };
  columns.forEach((left, at) => {
    look(sumCells(left.codes, left.names.length, loss.values, all.centre), (cell) => [part(left, cell)]);
    for (const right of columns.slice(at + 1)) {
      const size = left.names.length * right.names.length;
      if (size > mostCells) continue;
      const cells = sumPairs(left, right, loss.values, all.centre);
      look(cells, (cell) => [
        part(left, Math.floor(cell / right.names.length)),
        part(right, cell % right.names.length),
      ]);
    }
  });
  const steps = holm(
    found.map(({ p }) => p),
    1 - LEVEL,
  );
  const judged = found.map((one, at) => ({ ...one, adjustedP: steps[at]?.adjusted ?? 1 }));
  return {
    loss: loss.name,
    test: "mean of the slice against that of all other rows, Welch's test, one-sided; adjusted p by Holm over all slices that were looked at",
    tested: found.length,
    minSize,
    rows,
    columns: columns.map(({ by }) => by),
    overall: rows === 0 ? null : mean(loss.values),
    slices: worst(judged),
  };
}

function worst(judged: readonly Found[]): Found[] {
  const listed: Found[] = [];
  const ranked = judged
    .filter(({ difference }) => difference > 0)
    .toSorted((left, right) => right.interval.low - left.interval.low);
  for (const one of ranked) {
    if (listed.length === most) break;
    const isPartOfListed = listed.some(({ where }) =>
      where.every((whole) => one.where.some((own) => same(own, whole))),
    );
    if (!isPartOfListed) listed.push(one);
  }
  return listed;
}

function same(left: Found['where'][number], right: Found['where'][number]): boolean {
  return left.by === right.by && left.group === right.group;
}

function part({ by, names }: GroupColumn, code: number): Found['where'][number] {
  return { by, group: names[code] ?? '' };
}

/** Rows, sums and squares of the loss by cell, about `centre` so that nothing is lost to rounding. */
type Cells = { rows: Float64Array; sums: Float64Array; squares: Float64Array };

function sumCells(codes: Float64Array, size: number, losses: Float64Array, centre: number): Cells {
  const cells = { rows: new Float64Array(size), sums: new Float64Array(size), squares: new Float64Array(size) };
  for (let row = 0; row < codes.length; row += 1) add(cells, codes[row] ?? 0, (losses[row] ?? 0) - centre);
  return cells;
}

function sumPairs(left: GroupColumn, right: GroupColumn, losses: Float64Array, centre: number): Cells {
  const width = right.names.length;
  const size = left.names.length * width;
  const cells = { rows: new Float64Array(size), sums: new Float64Array(size), squares: new Float64Array(size) };
  for (let row = 0; row < losses.length; row += 1) {
    add(cells, (left.codes[row] ?? 0) * width + (right.codes[row] ?? 0), (losses[row] ?? 0) - centre);
  }
  return cells;
}

function add({ rows, sums, squares }: Cells, cell: number, off: number): void {
  rows[cell] = (rows[cell] ?? 0) + 1;
  sums[cell] = (sums[cell] ?? 0) + off;
  squares[cell] = (squares[cell] ?? 0) + off * off;
}

function momentsOf(losses: Float64Array): { centre: number; n: number; sum: number; squares: number } {
  const centre = mean(losses);
  let [sum, squares] = [0, 0];
  for (let row = 0; row < losses.length; row += 1) {
    const off = (losses[row] ?? 0) - centre;
    sum += off;
    squares += off * off;
  }
  return { centre, n: losses.length, sum, squares };
}

function againstRest({ rows, sums, squares }: Cells, cell: number, all: ReturnType<typeof momentsOf>) {
  const own = { n: rows[cell] ?? 0, sum: sums[cell] ?? 0, squares: squares[cell] ?? 0 };
  const rest = { n: all.n - own.n, sum: all.sum - own.sum, squares: all.squares - own.squares };
  const [here, there] = [own.sum / own.n, rest.sum / rest.n];
  const errorOf = ({ n, sum, squares: total }: typeof own) => Math.max(0, total - sum ** 2 / n) / (n - 1) / n;
  return {
    value: all.centre + here,
    difference: here - there,
    standardError: Math.sqrt(errorOf(own) + errorOf(rest)),
  };
}
