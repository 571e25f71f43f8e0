import type { TableReading } from '../../contracts/table-reading.ts';
import type { Tables } from '../../ports/tables.ts';
import { quoteName, quoteText } from '../../quote-sql.ts';
import { askTable } from '../ask-table.ts';
import { countWhere } from '../count-where.ts';
import { readTable } from '../read-table.ts';
import { sniffTable } from '../sniff-table.ts';
import { tableFormat } from '../table-source.ts';

/** Texts that nobody writes for anything but a missing value. */
const plainMarkers = ['?', '#N/A', 'N/A', 'n/a', 'NULL', 'null', 'NaN', 'nan'];
/** Texts that also are values, e.g. Namibia: taken for missing only where all other values of a column are numbers. */
const doubtfulMarkers = ['NA', 'na', 'None', 'none', '-', '--', '.', 'missing'];

/**
 * How a file is best read, told in full: delimiter, header, blanks and markers of missing values are found out from every
 * row, and what was given is kept.
 */
export async function inferReading(tables: Tables, file: string, given: TableReading): Promise<TableReading> {
  const format = given.format ?? tableFormat(file);
  if (format !== 'csv') return given;
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const found: TableReading = { ...given, ...(await sniffTable(tables, file, given)), ...said };
  const { from, columns } = await readTable(tables, file, { ...found, missing: [], trim: false }, { text: true });
  const markers = [...plainMarkers, ...doubtfulMarkers];
  const aggregates = columns.flatMap(({ name }, index) => {
    const text = `trim(${quoteName(name)})`;
    const isMarker = `${text} IN (${markers.map(quoteText).join(', ')})`;
    return [
      `${countWhere(`${quoteName(name)} <> ${text}`)} AS blank${index}`,
      `${countWhere(`${text} <> '' AND NOT ${isMarker}`)} AS other${index}`,
      `${countWhere(`NOT ${isMarker} AND TRY_CAST(${text} AS DOUBLE) IS NOT NULL`)} AS number${index}`,
      `CAST(to_json(list(DISTINCT ${text}) FILTER (WHERE ${isMarker})) AS VARCHAR) AS marker${index}`,
    ];
  });
  const [row] = await askTable(() => tables.query(`SELECT ${aggregates.join(', ')} FROM ${from}`), file);
  const missing = new Set(given.missing);
  let trim = given.trim;
  for (const index of columns.keys()) {
    if (Number(row?.[`blank${index}`] ?? 0) > 0) trim = true;
    const seen: unknown = JSON.parse(String(row?.[`marker${index}`] ?? 'null'));
    const isNumeric = Number(row?.[`other${index}`]) > 0 && row?.[`other${index}`] === row?.[`number${index}`];
    for (const marker of Array.isArray(seen) ? seen.map(String) : []) {
      if (isNumeric || plainMarkers.includes(marker)) missing.add(marker);
    }
  }
  return { ...found, missing: [...missing], trim };
}
