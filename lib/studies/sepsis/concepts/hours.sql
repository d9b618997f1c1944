-- The hours of every stay.
--
-- Hour h of a stay is (hour_0 + (h - 1) hours, hour_0 + h hours]. Rule `hours`: hour_0 is the arrival, or the first
-- full hour of the clock at or after it. The last hour is the length of the stay in hours, rounded up; lengths are
-- counted in whole minutes of the clock, as some sources keep no seconds. Hours -24 to -1 let values from before the
-- arrival count in the worst values of 24 hours; no score is given for them.
--
-- Makes: spans(stay, patient, admission, admitted, arrived, left, hour_0, last_hour), one row a stay.
-- Source: MIMIC code repository, concept icustay_hourly.
CREATE OR REPLACE TABLE spans AS
SELECT
  stay, patient, admission, admitted, arrived, "left",
  CASE getvariable('hours')
    WHEN 'clock' THEN date_trunc('hour', arrived + INTERVAL 1 HOUR - INTERVAL 1 MICROSECOND)
    ELSE arrived
  END AS hour_0,
  CAST(ceil(date_diff('minute', arrived, "left") / 60) AS INTEGER) AS last_hour
FROM stays;

-- The hour in which a time lies, and hours since hour 0 as a number with its fraction.
CREATE OR REPLACE MACRO hours_since(moment, hour_0) AS (epoch_us(moment) - epoch_us(hour_0)) / 3600000000;
CREATE OR REPLACE MACRO hour_of(moment, hour_0) AS CAST(ceil(hours_since(moment, hour_0)) AS INTEGER);
