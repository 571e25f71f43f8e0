import { z } from 'zod';
import type { LeakageFinding } from '../../contracts/leakage-report.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName } from '../../quote-sql.ts';
import { type Pair, shownValue } from './find-twins.ts';

/** Bands of four of 64 permutations: a pair of similarity s becomes a candidate with probability 1 - (1 - s⁴)¹⁶. */
const bands = 16;
const rowsOfBand = 4;
/** Words in a row that make one shingle. */
const words = 3;
/** Jaccard similarity of shingles from which two texts are near-duplicates; found with a probability of 0.9998. */
const similar = 0.8;

const foundSchema = z.array(z.object({ rows: z.number(), total: z.number(), examples: z.string().nullable() }));
const cellsSchema = z.array(z.array(z.string().nullable()));

/**
 * Rows of the holdout whose text nearly equals one of the training data: MinHash over shingles of three words with banding
 * (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3), every candidate checked exactly, so
 * that no hit is false.
 */
export async function findSimilarTexts(
  tables: Tables,
  { train, holdout }: Pair,
  column: string,
  hidden: readonly string[],
): Promise<Omit<LeakageFinding, 'limit' | 'status'>> {
  const side = (
    from: string,
    name: string,
  ) => `${name}_words AS (SELECT row_number() OVER () AS r, ${shownValue(column, hidden)} AS s,
  string_split_regex(trim(lower(nfc_normalize(CAST(${quoteName(column)} AS VARCHAR)))), '[^\\p{L}\\p{N}]+') AS w FROM ${from}),
${name} AS (SELECT r, s, list_distinct(list_transform(range(1, greatest(1, len(w) - ${words - 1}) + 1), lambda i: array_to_string(w[i : i + ${words - 1}], ' '))) AS g
  FROM ${name}_words WHERE len(w) > 0 AND w <> ['']),
${name}_bands AS (SELECT r, b, hash(list_transform(range(b * ${rowsOfBand}, (b + 1) * ${rowsOfBand}), lambda p: list_min(list_transform(g, lambda x: hash(x, p))))) AS k
  FROM ${name}, (SELECT unnest(range(${bands})) AS b))`;
  const [found] = foundSchema.parse(
    await tables.query(`WITH ${side(train.from, 'seen')}, ${side(holdout.from, 'looked')},
pairs AS (SELECT DISTINCT l.r AS lr, t.r AS tr FROM looked_bands l JOIN seen_bands t USING (b, k)),
scored AS (SELECT lr, max(len(list_intersect(l.g, t.g)) / len(list_distinct(list_concat(l.g, t.g)))) AS j
  FROM pairs JOIN looked l ON l.r = lr JOIN seen t ON t.r = tr GROUP BY lr)
SELECT (SELECT count(*) FROM looked) AS total, count(*) AS rows,
CAST(to_json(arg_min([CAST(r AS VARCHAR), s, CAST(round(j, 3) AS VARCHAR)], r, 5)) AS VARCHAR) AS examples
FROM scored JOIN looked ON r = lr WHERE j >= ${similar}`),
  );
  const { rows = 0, total = 0, examples = null } = found ?? {};
  return {
    check: 'text',
    columns: [column],
    method: `Texts of ${column} that share at least ${100 * similar} % of their runs of ${words} words (Jaccard); found by MinHash with 64 permutations in ${bands} bands, which misses one such pair in 5000 at most, and checked exactly.`,
    rows,
    of: total,
    observed: `${rows} of ${total} texts of the holdout nearly equal one of the training data`,
    examples: cellsSchema.parse(JSON.parse(examples ?? '[]') ?? []).map(([row, text]) => ({
      row: Number(row),
      values: [{ column, value: text ?? null }],
    })),
  };
}
