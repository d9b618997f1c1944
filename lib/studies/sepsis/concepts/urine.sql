-- Urine of 24 hours, for each hour for which it is known.
--
-- Rule `urine`:
--   recorded: the sum over (t - 24 hours, t], from hour 23 on, when the stay has lasted 24 hours; only if a record
--     lies in it, as a patient without any is rather one whose urine nobody measured.
--   sixRecords: the same, only if there are 6 records or more, for sources where many go unrecorded.
--   zeroIfUnrecorded: the same, and 0 without a record.
--   scaled: at each record of the stay the sum of the records of the last 23 hours. Each stands for the time since the
--     record before it (the first: since arrival); if they stand for 22 to 30 hours in all, the sum is scaled to 24
--     hours. The highest of an hour counts.
-- Irrigation that went in is negative and is so taken off.
--
-- Makes: urine(stay, hour, ml).
-- Source: MIMIC code repository, concepts urine_output, urine_output_rate and sofa.
CREATE OR REPLACE TABLE urine AS
WITH records AS (
  SELECT stay, time, hour_0, arrived, hour_of(time, hour_0) AS hour, ml
  FROM outputs
  JOIN spans USING (patient)
  WHERE time > hour_0 - INTERVAL 1 HOUR AND time <= hour_0 + to_hours(last_hour)
),
by_hour AS (
  SELECT stay, hour, sum(ml) AS ml, count(*) AS n FROM records GROUP BY stay, hour
),
grid AS (
  SELECT stay, unnest(range(0, CAST(last_hour AS BIGINT) + 1)) AS hour
  FROM spans
  WHERE getvariable('urine') != 'scaled'
),
summed AS (
  SELECT stay, hour, sum(by_hour.ml) OVER day AS ml, coalesce(sum(n) OVER day, 0) AS n
  FROM grid
  LEFT JOIN by_hour USING (stay, hour)
  WINDOW day AS (PARTITION BY stay ORDER BY hour ROWS 23 PRECEDING)
),
by_time AS (
  SELECT stay, time, hour, any_value(arrived) AS arrived, sum(ml) AS ml
  FROM records
  WHERE getvariable('urine') = 'scaled' AND time > arrived
  GROUP BY stay, time, hour
),
collected AS (
  SELECT *, hours_since(time, coalesce(lag(time) OVER (PARTITION BY stay ORDER BY time), arrived)) AS span
  FROM by_time
),
rated AS (
  SELECT
    stay, hour,
    sum(ml) OVER day AS ml,
    sum(span) OVER day AS span
  FROM collected
  WINDOW day AS (PARTITION BY stay ORDER BY time RANGE BETWEEN INTERVAL 23 HOURS PRECEDING AND CURRENT ROW)
)
SELECT stay, CAST(hour AS INTEGER) AS hour, coalesce(ml, 0) AS ml
FROM summed
WHERE hour >= 23
  AND n >= CASE getvariable('urine') WHEN 'zeroIfUnrecorded' THEN 0 WHEN 'sixRecords' THEN 6 ELSE 1 END
UNION ALL
SELECT stay, hour, max(24 * ml / span) AS ml
FROM rated
WHERE span BETWEEN 22 AND 30
GROUP BY stay, hour;
