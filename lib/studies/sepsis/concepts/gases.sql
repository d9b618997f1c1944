-- Arterial blood gases with the oxygen that the patient breathed, and their respiratory score.
--
-- A gas takes the last inspired oxygen charted at or before it, if that is not older than rule `fio2` allows (4
-- hours in the MIMIC code repository, 1 hour in OpenSep); without one it says nothing. PaO2 / FiO2, FiO2 as a
-- fraction [mmHg]; rule `ratio`: exact, or rounded down. Score: < 400: 1, < 300: 2, < 200: 3, < 100: 4; rule
-- `ventilated`: 3 and 4 only for gases taken during invasive ventilation (otherwise `sofa.sql` decides by the hour).
-- Rule `simultaneous`: of several values with one time the highest counts, or their mean.
--
-- Makes: gases(patient, time, pao2, fio2, ratio, ventilated, respiration).
-- Source: MIMIC code repository, concepts bg and sofa; Hofford et al. 2022.
CREATE OR REPLACE TABLE gases AS
WITH oxygen AS (
  SELECT patient, time, quantity, if(getvariable('simultaneous') = 'mean', avg(value), max(value)) AS value
  FROM measurements
  WHERE quantity IN ('pao2', 'fio2')
  GROUP BY patient, time, quantity
),
paired AS (
  SELECT gas.patient, gas.time, gas.value AS pao2, inspired.value AS fio2
  FROM (SELECT * FROM oxygen WHERE quantity = 'pao2') AS gas
  ASOF JOIN (SELECT * FROM oxygen WHERE quantity = 'fio2') AS inspired
    ON gas.patient = inspired.patient AND gas.time >= inspired.time
  WHERE gas.time <= inspired.time
    + to_hours(CASE getvariable('fio2') WHEN 'oneHour' THEN 1 WHEN 'day' THEN 24 ELSE 4 END)
),
ratios AS (
  SELECT
    paired.*,
    -- Rounded down as the released program does it, to whole multiples of the fraction as stored: 60 at 20 % gives 299.
    if(
      getvariable('ratio') = 'floored',
      round((pao2 - pao2 % (fio2 / 100)) / (fio2 / 100)),
      100 * pao2 / fio2
    ) AS ratio,
    coalesce(paired.time <= ventilated.stop, false) AS ventilated
  FROM paired
  ASOF LEFT JOIN ventilated ON paired.patient = ventilated.patient AND paired.time >= ventilated.start
)
SELECT
  *,
  CASE
    WHEN ratio < 100 AND (ventilated OR getvariable('ventilated') != 'atGas') THEN 4
    WHEN ratio < 200 AND (ventilated OR getvariable('ventilated') != 'atGas') THEN 3
    WHEN ratio < 300 THEN 2
    WHEN ratio < 400 THEN 1
    ELSE 0
  END AS respiration
FROM ratios;
