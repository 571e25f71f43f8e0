import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareFlights } from './data/prepare-flights.ts';
import type { StoryTables } from './story.ts';

type Days = { from: string; to: string };
/** Which days each table covers: two training snapshots, two holdouts with their traffic. */
export type TableDays = { march: Days; may: Days; april: Days; june: Days };

const wholeMonths: TableDays = {
  march: { from: '2001-01-01', to: '2001-03-31' },
  may: { from: '2001-01-01', to: '2001-05-31' },
  april: { from: '2001-04-01', to: '2001-04-30' },
  june: { from: '2001-06-01', to: '2001-06-15' },
};

/** Cuts the story's tables out of the three million flights; about 10 s. */
export async function prepareTables(
  directory: string,
  { march, may, april, june }: TableDays = wholeMonths,
): Promise<{ tables: StoryTables; rows: number }> {
  const data = new URL('../data/', import.meta.resolve('vega-datasets'));
  const source = {
    flights: fileURLToPath(new URL('flights-3m.parquet', data)),
    airports: fileURLToPath(new URL('airports.csv', data)),
  };
  const at = (name: string) => join(directory, `${name}.parquet`);
  const tables: StoryTables = {
    firstSnapshot: at('snapshot-march'),
    ratedSnapshot: at('snapshot-march-rates'),
    laterSnapshot: at('snapshot-may'),
    aprilHoldout: at('holdout-april'),
    juneHoldout: at('holdout-june'),
    aprilTraffic: at('traffic-april'),
    juneTraffic: at('traffic-june'),
  };
  const prepared = await prepareFlights(source, [
    { path: tables.firstSnapshot, ...march, columns: 'basic' },
    { path: tables.ratedSnapshot, ...march, columns: 'rates' },
    { path: tables.laterSnapshot, ...may, columns: 'basic' },
    { path: tables.aprilHoldout, ...april, columns: 'rates' },
    { path: tables.juneHoldout, ...june, columns: 'rates' },
    { path: tables.aprilTraffic, ...april, columns: 'traffic' },
    { path: tables.juneTraffic, ...june, columns: 'traffic' },
  ]);
  return { tables, rows: prepared.reduce((sum, { shape }) => sum + shape.rows, 0) };
}
