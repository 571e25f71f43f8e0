import type { CoMoments } from '../../contracts/data-profile.ts';

type Pair = CoMoments['pairs'][number];

/** Sums of products of every pair of columns over the sampled rows, as if each stood for `rows / sampled` rows. */
export function coMomentsOf(
  columns: readonly { name: string; values: Float64Array }[],
  { sampled, rows }: { sampled: number; rows: number },
): CoMoments {
  const weight = sampled === 0 ? 1 : rows / sampled;
  const centred = columns.map(({ values }) => centre(values));
  const pairs = pairIndexes(columns.length).map(([one, other]): Pair => {
    const [left, right] = [centred[one], centred[other]];
    return left === undefined || right === undefined ? [0, 0, 0, 0, 0, 0] : pairOf(left, right, weight);
  });
  return { columns: columns.map(({ name }) => name), pairs, sampled, rows };
}

/** The co-moments of both parts together, of the columns that both have. */
export function mergeCoMoments(left: CoMoments, right: CoMoments): CoMoments {
  const columns = left.columns.filter((name) => right.columns.includes(name));
  const pairs = pairIndexes(columns.length).map(([one, other]) =>
    mergePairs(pairNamed(left, columns[one], columns[other]), pairNamed(right, columns[one], columns[other])),
  );
  return { columns, pairs, sampled: left.sampled + right.sampled, rows: left.rows + right.rows };
}

/** Pearson's correlation of every pair that has one, the strongest first. */
export function correlations({ columns, pairs }: CoMoments): { columns: [string, string]; r: number; n: number }[] {
  return pairIndexes(columns.length)
    .flatMap(([one, other], index) => {
      const [n, , , left, right, product] = pairs[index] ?? [0, 0, 0, 0, 0, 0];
      const spread = Math.sqrt(left) * Math.sqrt(right);
      if (n < 2 || !(spread > 0)) return [];
      const r = Math.max(-1, Math.min(1, product / spread));
      return [{ columns: [columns[one] ?? '', columns[other] ?? ''] as [string, string], r, n }];
    })
    .sort((left, right) => Math.abs(right.r) - Math.abs(left.r));
}

/** What a correlation may be off by: nothing where every row was looked at, else four standard errors of a sample. */
export function correlationError({ sampled, rows }: CoMoments): number {
  return sampled >= rows ? 0 : 4 / Math.sqrt(Math.max(1, sampled));
}

type Centred = { shift: number; values: Float64Array };

/** Values less their mean, so that no digits are lost in the sums; not finite ones become NaN. */
function centre(values: Float64Array): Centred {
  let sum = 0;
  let n = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += value;
    n += 1;
  }
  const mean = n === 0 ? 0 : sum / n;
  const shift = Number.isFinite(mean) ? mean : 0;
  return { shift, values: values.map((value) => (Number.isFinite(value) ? value - shift : Number.NaN)) };
}

function pairOf(left: Centred, right: Centred, weight: number): Pair {
  let [n, sumLeft, sumRight, squaresLeft, squaresRight, products] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < left.values.length; row += 1) {
    const x = left.values[row] ?? Number.NaN;
    const y = right.values[row] ?? Number.NaN;
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    n += 1;
    sumLeft += x;
    sumRight += y;
    squaresLeft += x * x;
    squaresRight += y * y;
    products += x * y;
  }
  if (n === 0) return [0, 0, 0, 0, 0, 0];
  const found: Pair = [
    n * weight,
    left.shift + sumLeft / n,
    right.shift + sumRight / n,
    Math.max(0, squaresLeft - (sumLeft * sumLeft) / n) * weight,
    Math.max(0, squaresRight - (sumRight * sumRight) / n) * weight,
    (products - (sumLeft * sumRight) / n) * weight,
  ];
  return found.every(Number.isFinite) ? found : [0, 0, 0, 0, 0, 0];
}

function mergePairs(left: Pair, right: Pair): Pair {
  const [n, meanX, meanY, xx, yy, xy] = left;
  const [m, otherX, otherY, otherXX, otherYY, otherXY] = right;
  if (n === 0 || m === 0) return n === 0 ? right : left;
  const total = n + m;
  const [apartX, apartY] = [otherX - meanX, otherY - meanY];
  const share = (n * m) / total;
  return [
    total,
    meanX + (apartX * m) / total,
    meanY + (apartY * m) / total,
    xx + otherXX + apartX * apartX * share,
    yy + otherYY + apartY * apartY * share,
    xy + otherXY + apartX * apartY * share,
  ];
}

function pairNamed({ columns, pairs }: CoMoments, one = '', other = ''): Pair {
  const [left, right] = [columns.indexOf(one), columns.indexOf(other)];
  const [low, high] = [Math.min(left, right), Math.max(left, right)];
  const index = pairIndexes(columns.length).findIndex(([first, second]) => first === low && second === high);
  const [n, x, y, xx, yy, xy] = pairs[index] ?? [0, 0, 0, 0, 0, 0];
  return left <= right ? [n, x, y, xx, yy, xy] : [n, y, x, yy, xx, xy];
}

function pairIndexes(count: number): [number, number][] {
  return Array.from({ length: count }, (_, one) =>
    Array.from({ length: count - one - 1 }, (_, step): [number, number] => [one, one + step + 1]),
  ).flat();
}
