import type { Tables } from '../ports/tables.ts';
import { fromSql, numberSql, type Relation } from './column-sql.ts';

/** Sums of one stretch of time; `scores` is taken over the labelled rows. */
export type LabelSums = { rows: number; labelled: number; labels: number; scores: number };

/** Mean label; NaN without labels. */
export function labelMean({ labels, labelled }: LabelSums): number {
  return labels / labelled;
}

/** Mean label minus mean score over labelled rows; NaN without labels. */
export function calibration({ labels, scores, labelled }: LabelSums): number {
  return (labels - scores) / labelled;
}

export function addSums(parts: Iterable<LabelSums>): LabelSums {
  const total = { rows: 0, labelled: 0, labels: 0, scores: 0 };
  for (const part of parts) {
    total.rows += part.rows;
    total.labelled += part.labelled;
    total.labels += part.labels;
    total.scores += part.scores;
  }
  return total;
}

/** The sums by bucket; `bucket` is an SQL expression that yields an integer. */
export async function readLabelSums(
  relation: Relation,
  bucket: string,
  { label, score }: { label: string | null; score: string },
  tables: Tables,
): Promise<Map<number, LabelSums>> {
  const known = label === null ? 'NULL' : numberSql(label);
  const rows = await tables.query(`SELECT bucket, count(*) AS n, count(label) AS labelled,
coalesce(sum(label), 0) AS labels, coalesce(sum(score) FILTER (label IS NOT NULL), 0) AS scores
FROM (SELECT ${bucket} AS bucket, ${known} AS label, ${numberSql(score)} AS score ${fromSql(relation)})
WHERE bucket IS NOT NULL GROUP BY bucket`);
  return new Map(
    rows.map((row) => [
      Number(row.bucket),
      {
        rows: Number(row.n),
        labelled: Number(row.labelled),
        labels: Number(row.labels),
        scores: Number(row.scores),
      },
    ]),
  );
}
