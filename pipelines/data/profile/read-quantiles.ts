import type { QuantileSketch } from '../../contracts/data-profile.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteText } from '../../quote-sql.ts';
import type { ProfiledColumn } from './column-values.ts';
import { chooseEdges, sketchOf } from './quantile-sketch.ts';
import type { NumberSummary } from './read-summaries.ts';

/** Columns that are counted in one pass: each brings some hundred edges into the query. */
const together = 16;

export type QuantileColumn = { column: ProfiledColumn; summary: NumberSummary; sample: Float64Array };

/** Counts all rows between edges that a sample has chosen, so that the counts are exact and the error is known. */
export async function readQuantiles(
  source: string,
  columns: readonly QuantileColumn[],
  tables: Tables,
): Promise<Map<string, QuantileSketch>> {
  const sketches = new Map<string, QuantileSketch>();
  for (let start = 0; start < columns.length; start += together) {
    const group = columns.slice(start, start + together).flatMap(({ column, summary: { min, max }, sample }) => {
      if (min === null || max === null) return [];
      const whole = column.kind === 'integer';
      const sorted = sample.filter((value) => !Number.isNaN(value)).sort();
      return [{ column, whole, edges: chooseEdges(sorted, { min, max, whole }) }];
    });
    if (group.length === 0) continue;
    const values = group.map(({ column }, index) => `${column.value} AS x${index}`);
    const counts = group.map(({ edges }, index) => {
      const bins = `[${edges.map((edge) => quoteText(String(edge))).join(', ')}]::DOUBLE[]`;
      return `CAST(to_json(map_values(histogram(x${index}, ${bins}))) AS VARCHAR) AS "${index}"`;
    });
    const [row = {}] = await tables.query(
      `SELECT ${counts.join(', ')} FROM (SELECT ${values.join(', ')} FROM ${source} AS source)`,
    );
    group.forEach(({ column, whole, edges }, index) => {
      const counted: unknown = JSON.parse(String(row[String(index)] ?? '[]'));
      if (Array.isArray(counted)) sketches.set(column.name, sketchOf(edges, counted.map(Number), whole));
    });
  }
  return sketches;
}
