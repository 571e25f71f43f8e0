import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { tableShapeSchema } from '../../../../pipelines/contracts/pointer.ts';
import { type FlightColumns, prepareFlights } from '../../../../sandbox/story/data/prepare-flights.ts';
import { temporaryDirectory } from '../../../fixtures/git-repository.ts';

type Flight = { date: string; delay: number; distance?: number; origin: string; destination: string };
const featuresSchema = z.object({
  flight_id: z.bigint().transform(Number),
  date: z.date(),
  origin: z.string(),
  destination: z.string(),
  origin_region: z.string(),
  hour: z.number(),
  weekday: z.number(),
  origin_late_rate_7d: z.number(),
  destination_late_rate_7d: z.number(),
  late: z.number(),
});

const airports = 'iata,name,state\nAAA,First,CA\nBBB,Second,NY\nCCC,Third,TX\nDDD,Fourth,IL\nSJU,San Juan,PR\n';
let folder: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  folder = temporaryDirectory();
  writeFileSync(join(folder.path, 'airports.csv'), airports);
});
afterEach(() => folder[Symbol.dispose]());

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Writes flights as the source has them and prepares one table of them. */
async function prepare(flights: readonly Flight[], options: { columns?: FlightColumns; to?: string } = {}) {
  const source = { flights: join(folder.path, "fl'ights.parquet"), airports: join(folder.path, 'airports.csv') };
  const values = flights.map(
    ({ date, delay, distance = 100, origin, destination }) =>
      `(TIMESTAMP '${date}', ${delay}::BIGINT, ${distance}::BIGINT, '${origin}', '${destination}')`,
  );
  await query(`COPY (SELECT * FROM (VALUES ${values.join(', ')}) t(date, delay, distance, origin, destination))
               TO '${source.flights.replaceAll("'", "''")}' (FORMAT parquet)`);
  const path = join(folder.path, "out/pre'pared.parquet");
  const [table] = await prepareFlights(source, [
    { path, from: '2001-01-01', to: options.to ?? '2001-12-31', columns: options.columns ?? 'rates' },
  ]);
  if (table === undefined) throw new Error('Nothing was prepared');
  const rows = async () => z.array(featuresSchema).parse(await query(`SELECT * FROM '${path.replaceAll("'", "''")}'`));
  return { table, rows };
}

const flight = (date: string, delay: number, origin = 'AAA', destination = 'BBB'): Flight => ({
  date,
  delay,
  origin,
  destination,
});
const smoothed = (late: number, flights: number) => Math.round(((late + 10) / (flights + 50)) * 1e4) / 1e4;

describe('late rates', () => {
  it('count the seven calendar days before, and never the day itself', async () => {
    const { rows } = await prepare([
      flight('2001-01-01 10:00', 60), // eight days before the last one
      flight('2001-01-02 10:00', 60), // seven
      flight('2001-01-05 10:00', 0),
      flight('2001-01-08 23:59', 60), // the day before
      flight('2001-01-09 00:00', 60), // the day itself
      flight('2001-01-09 08:00', 60),
    ]);
    expect((await rows()).map((row) => row.origin_late_rate_7d)).toEqual([
      smoothed(0, 0),
      smoothed(1, 1),
      smoothed(2, 2),
      smoothed(2, 3),
      smoothed(2, 3),
      smoothed(2, 3),
    ]);
  });

  it('follow departures at the origin and arrivals at the destination', async () => {
    const { rows } = await prepare([
      flight('2001-01-01 10:00', 60, 'AAA', 'BBB'),
      flight('2001-01-01 11:00', 0, 'CCC', 'BBB'),
      flight('2001-01-02 10:00', 0, 'AAA', 'BBB'),
      flight('2001-01-02 11:00', 0, 'BBB', 'AAA'),
    ]);
    const [, , there, back] = await rows();
    expect([there?.origin_late_rate_7d, there?.destination_late_rate_7d]).toEqual([smoothed(1, 1), smoothed(1, 2)]);
    expect([back?.origin_late_rate_7d, back?.destination_late_rate_7d]).toEqual([smoothed(0, 0), smoothed(0, 0)]);
  });

  /** Three weeks between three airports, with days on which nothing happens. */
  const weeks = Array.from({ length: 120 }, (_, index): Flight => {
    const day = String(1 + ((index * 7 + (index >> 3)) % 21)).padStart(2, '0');
    const [origin, destination] = index % 3 === 0 ? ['AAA', 'BBB'] : index % 3 === 1 ? ['BBB', 'CCC'] : ['CCC', 'AAA'];
    return { date: `2001-01-${day} 12:00`, delay: (index * 13) % 40, origin, destination };
  }).filter(({ date }) => !date.includes('-09 ') && !date.includes('-10 '));

  it('agree with a count by hand', async () => {
    const rows = await (await prepare(weeks)).rows();
    const rate = (side: 'origin' | 'destination', airport: string, date: Date) => {
      const midnight = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
      const before = rows.filter(
        (row) => row[side] === airport && +row.date < midnight && +row.date >= midnight - 7 * 86_400_000,
      );
      return smoothed(
        before.reduce((sum, { late }) => sum + late, 0),
        before.length,
      );
    };
    for (const row of rows) {
      expect(row.origin_late_rate_7d).toBe(rate('origin', row.origin, row.date));
      expect(row.destination_late_rate_7d).toBe(rate('destination', row.destination, row.date));
    }
  });

  it('do not move when the own day or a later one turns out otherwise', async () => {
    const turned = weeks.map((one) => (one.date >= '2001-01-14' ? { ...one, delay: 39 - one.delay } : one));
    const rates = (rows: z.infer<typeof featuresSchema>[]) =>
      rows
        .filter(({ date }) => +date < Date.UTC(2001, 0, 15))
        .map((row) => [row.flight_id, row.origin_late_rate_7d, row.destination_late_rate_7d]);
    const [known, changed] = [await (await prepare(weeks)).rows(), await (await prepare(turned)).rows()];
    expect(changed.map(({ late }) => late)).not.toEqual(known.map(({ late }) => late));
    expect(rates(changed)).toEqual(rates(known));
  });
});

describe('rows', () => {
  it('are in flight order, named by their place in the source, and labelled late after 15 minutes', async () => {
    const { rows } = await prepare([
      flight('2001-01-07 22:30', 16, 'BBB'),
      flight('2001-01-01 05:00', 15, 'AAA'),
      flight('2001-01-07 22:30', -20, 'SJU'),
    ]);
    expect(await rows()).toMatchObject([
      { flight_id: 2, origin_region: 'west', hour: 5, weekday: 1, late: 0 },
      { flight_id: 1, origin_region: 'northeast', hour: 22, weekday: 7, late: 1 },
      { flight_id: 3, origin_region: 'other', late: 0 },
    ]);
  });

  it('of a flight that arrives hours too early are left out, and its neighbours keep their names', async () => {
    const { rows } = await prepare([
      flight('2001-01-01 05:00', -1116),
      flight('2001-01-01 06:00', -120),
      flight('2001-01-01 07:00', 1688),
    ]);
    expect(await rows()).toMatchObject([
      { flight_id: 2, late: 0 },
      { flight_id: 3, late: 1 },
    ]);
  });

  it('of an airport nobody listed get the region "other"', async () => {
    const { rows } = await prepare([flight('2001-01-01 05:00', 0, 'ZZZ')]);
    expect((await rows())[0]?.origin_region).toBe('other');
  });
});

describe('tables', () => {
  const flights = Array.from({ length: 400 }, (_, index) =>
    flight(
      `2001-01-${String((index % 28) + 1).padStart(2, '0')} ${String(index % 24).padStart(2, '0')}:00`,
      index % 40,
    ),
  );

  it('have the columns asked for, and traffic has no label', async () => {
    const names = async (columns: FlightColumns) =>
      (await prepare(flights, { columns })).table.shape.columns.map(({ name }) => name);
    const rates = ['origin_late_rate_7d', 'destination_late_rate_7d'];
    const all = await names('rates');
    expect(all).toEqual(
      'flight_id date origin destination origin_region hour weekday distance'.split(' ').concat(rates, 'late'),
    );
    expect(await names('basic')).toEqual(all.filter((name) => !rates.includes(name)));
    expect(await names('traffic')).toEqual(all.filter((name) => name !== 'late'));
  });

  it('are described as a pointer describes them', async () => {
    const { table } = await prepare(flights, { to: '2001-01-10' });
    expect(tableShapeSchema.parse(table.shape)).toMatchObject({
      rows: 148,
      time: { column: 'date', from: '2001-01-01', to: '2001-01-10' },
    });
    expect(table.bytes).toBe(readFileSync(table.path).length);
  });

  it('have the same bytes when made again', async () => {
    const first = readFileSync((await prepare(flights)).table.path);
    expect(readFileSync((await prepare(flights)).table.path).equals(first)).toBe(true);
  });

  it('without a row are refused, and nothing is left behind', async () => {
    await expect(prepare(flights, { to: '2000-12-31' })).rejects.toThrow(/No flights/);
    expect(existsSync(join(folder.path, 'out')) ? readdirSync(join(folder.path, 'out')) : []).toEqual([]);
  });
});
