-- The Glasgow coma scale at each time at which a part of it was recorded.
--
-- It is the sum of eye (1-4), verbal (1-5) and motor (1-6) response. Rule `gcs`: a missing part is carried from the
-- record just before, if that is less than 6 hours old; or from the last record of this part less than 6 hours old;
-- or not at all. What is still missing is normal. A patient who cannot speak for a tube has verbal 0; rule
-- `intubated`: the scale is then 15 (before sedation), and parts recorded with verbal 0 are not carried to a record
-- in which the patient speaks; or the verbal part counts 1. Of several values with one time the highest counts.
--
-- Makes: glasgow(patient, time, gcs).
-- Source: MIMIC code repository, concept gcs.
CREATE OR REPLACE TABLE glasgow AS
WITH records AS (
  SELECT
    patient, time,
    max(value) FILTER (WHERE quantity = 'gcs_eye') AS eye,
    max(value) FILTER (WHERE quantity = 'gcs_verbal') AS verbal,
    max(value) FILTER (WHERE quantity = 'gcs_motor') AS motor
  FROM measurements
  WHERE quantity IN ('gcs_eye', 'gcs_verbal', 'gcs_motor')
  GROUP BY patient, time
),
carried AS (
  SELECT
    *,
    CASE getvariable('gcs')
      WHEN 'eachPart' THEN last_value(eye IGNORE NULLS) OVER recent
      WHEN 'previousRecord' THEN last_value(eye) OVER recent
    END AS eye_before,
    CASE getvariable('gcs')
      WHEN 'eachPart' THEN last_value(verbal IGNORE NULLS) OVER recent
      WHEN 'previousRecord' THEN last_value(verbal) OVER recent
    END AS verbal_before,
    CASE getvariable('gcs')
      WHEN 'eachPart' THEN last_value(motor IGNORE NULLS) OVER recent
      WHEN 'previousRecord' THEN last_value(motor) OVER recent
    END AS motor_before
  FROM records
  -- Records less than 6 hours old, without the present one; the clock of the records knows no microseconds.
  WINDOW recent AS (
    PARTITION BY patient ORDER BY time
    RANGE BETWEEN INTERVAL '5 hours 59 minutes 59.999999 seconds' PRECEDING AND INTERVAL 1 MICROSECOND PRECEDING
  )
)
SELECT
  patient, time,
  CAST(CASE
    WHEN getvariable('intubated') = 'normal' AND coalesce(verbal, verbal_before) = 0 THEN 15
    WHEN getvariable('intubated') = 'normal' AND verbal_before = 0
      THEN coalesce(eye, 4) + verbal + coalesce(motor, 6)
    ELSE coalesce(eye, eye_before, 4) + greatest(coalesce(verbal, verbal_before, 5), 1)
      + coalesce(motor, motor_before, 6)
  END AS DOUBLE) AS gcs
FROM carried;
