import { censusRegions } from './census-regions.ts';
import { quoteSql } from './quote-sql.ts';

/** Minutes after which a flight counts as late. */
const lateAfter = 15;
/** Nobody arrives two hours early: such a delay is a clock error and the label cannot be known, so the row is left out. */
const leastDelay = -120;
/** Calendar days of history in a late rate; the row's own day is never one of them. */
const historyDays = 7;
/** An airport starts with this many imagined flights at this late rate, so that a handful of flights is no 0 and no 1. */
const imagined = { flights: 50, rate: 0.2 };

/**
 * Statements that build the table `features`, in flight order, from the source file (`date`, `delay`, `distance`,
 * `origin`, `destination`) and the airports file (`iata`, `state`). `flight_id` is the row's place in the source file,
 * so it is the same in every table cut from it.
 */
export function flightFeaturesSql(source: { flights: string; airports: string }): string[] {
  const flights = quoteSql(source.flights);
  return [
    `CREATE TYPE airport AS ENUM (SELECT DISTINCT unnest([origin, destination]) AS iata FROM ${flights} ORDER BY iata)`,
    `CREATE TEMP TABLE flights AS
       SELECT file_row_number + 1 AS flight_id, date, date::DATE AS day,
              origin::airport AS origin, destination::airport AS destination,
              ${airportDaySql('origin')} AS origin_day,
              ${airportDaySql('destination')} AS destination_day,
              distance, (delay > ${lateAfter})::INTEGER AS late
       FROM read_parquet(${flights}, file_row_number = true)
       WHERE delay >= ${leastDelay}`,
    lateRatesSql('origin'),
    lateRatesSql('destination'),
    `CREATE TEMP TABLE origins AS
       SELECT r.airport_day, r.rate, coalesce(${regionSql('a.state')}, 'other') AS region
       FROM origin_rates r
       LEFT JOIN read_csv(${quoteSql(source.airports)}, header = true, all_varchar = true) a ON a.iata = r.airport::VARCHAR`,
    `CREATE TEMP TABLE features AS
       SELECT f.flight_id, f.date, f.origin::VARCHAR AS origin, f.destination::VARCHAR AS destination,
              o.region AS origin_region,
              hour(f.date)::INTEGER AS hour, isodow(f.date)::INTEGER AS weekday, f.distance::INTEGER AS distance,
              o.rate AS origin_late_rate_7d, d.rate AS destination_late_rate_7d, f.late
       FROM flights f
       JOIN origins o ON o.airport_day = f.origin_day
       JOIN destination_rates d ON d.airport_day = f.destination_day
       ORDER BY f.date, f.flight_id`,
  ];
}

/**
 * Late rate of each airport over the days before each of its days. The window is a range of calendar days, not of
 * rows, and ends the day before; four decimals keep requests and logs short.
 */
function lateRatesSql(side: 'origin' | 'destination'): string {
  return `CREATE TEMP TABLE ${side}_rates AS
    SELECT airport, airport_day,
           round((coalesce(sum(late) OVER history, 0) + ${imagined.flights * imagined.rate})
               / (coalesce(sum(flights) OVER history, 0) + ${imagined.flights}), 4)::DOUBLE AS rate
    FROM (SELECT ${side} AS airport, ${side}_day AS airport_day, day, count(*) AS flights, sum(late) AS late
          FROM flights GROUP BY ALL)
    WINDOW history AS (PARTITION BY airport ORDER BY day
                       RANGE BETWEEN INTERVAL ${historyDays} DAYS PRECEDING AND INTERVAL 1 DAY PRECEDING)`;
}

/** One integer for an airport on a day: a join on it is several times faster than one on text and date. */
function airportDaySql(side: 'origin' | 'destination'): string {
  return `enum_code(${side}::airport)::INTEGER * 100000 + date_diff('day', DATE '1970-01-01', date::DATE)`;
}

function regionSql(state: string): string {
  const branches = Object.entries(censusRegions).map(
    ([region, states]) => `WHEN ${state} IN (${states.map(quoteSql).join(', ')}) THEN ${quoteSql(region)}`,
  );
  return `CASE ${branches.join(' ')} END`;
}
