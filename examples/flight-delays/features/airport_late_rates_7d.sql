-- Late rate of each airport over the seven calendar days that end with `day`, known from the next midnight on.
-- Airports start with 50 imagined flights at a late rate of 0.2, so that a handful of flights is no 0 and no 1.
WITH counted AS (
  SELECT origin AS airport, CAST(date AS DATE) AS day, 'origin' AS side, count(*) AS flights, sum(late) AS late
  FROM flights GROUP BY ALL
  UNION ALL
  SELECT destination, CAST(date AS DATE), 'destination', count(*), sum(late) FROM flights GROUP BY ALL
),
calendar AS (
  -- Every airport on every day: one without flights has a rate too, and the day before the first asks for one.
  SELECT airport, side, CAST(day AS DATE) AS day
  FROM (SELECT DISTINCT airport FROM counted),
       (SELECT unnest(['origin', 'destination']) AS side),
       (SELECT unnest(generate_series(min(day) - INTERVAL 1 DAY, max(day), INTERVAL 1 DAY)) AS day FROM counted)
),
rated AS (
  SELECT airport, side, day,
         round((coalesce(sum(late) OVER history, 0) + 10) / (coalesce(sum(flights) OVER history, 0) + 50), 4) AS rate
  FROM calendar LEFT JOIN counted USING (airport, side, day)
  WINDOW history AS (PARTITION BY airport, side ORDER BY day RANGE BETWEEN INTERVAL 6 DAYS PRECEDING AND CURRENT ROW)
)
SELECT airport, day, day + INTERVAL 1 DAY AS known_from,
       max(rate) FILTER (side = 'origin') AS origin_late_rate_7d,
       max(rate) FILTER (side = 'destination') AS destination_late_rate_7d
FROM rated GROUP BY ALL
