-- Sepsis-3: suspected infection with organ failure.
--
-- SOFA is looked for in the hours that end in [suspicion - 48 hours, suspicion + 24 hours]. Rule `baseline`: it must
-- be 2 or more (as if it had been 0 before), or exceed the lowest of the earlier hours of that window by 2 or more.
-- Rule `pair`: the earliest suspicion of a stay with such an hour counts; or the earliest counts, and without such
-- an hour there is no sepsis. The first such hour counts. Rule `onset`: sepsis begins at the suspicion, or at the
-- earlier or later of it and the end of that hour.
--
-- Makes: sepsis(stay, onset, suspected, antibiotic, antibiotic_time, culture, culture_time, sofa_hour, sofa_time, sofa,
-- baseline), one row for each stay with sepsis.
-- Source: Singer et al. 2016; MIMIC code repository, concept sepsis3; Hofford et al. 2022.
CREATE OR REPLACE TABLE sepsis AS
WITH suspicions AS (
  SELECT DISTINCT stay, time FROM suspicion
  QUALIFY getvariable('pair') != 'earliest' OR time = min(time) OVER (PARTITION BY stay)
),
hours AS (
  SELECT
    suspicions.stay, suspicions.time AS suspected, hour AS sofa_hour, ends AS sofa_time, sofa,
    CASE getvariable('baseline')
      WHEN 'zero' THEN 0
      ELSE min(sofa) OVER (
        PARTITION BY suspicions.stay, suspicions.time ORDER BY hour ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      )
    END AS baseline
  FROM suspicions
  JOIN sofa ON sofa.stay = suspicions.stay
    AND ends BETWEEN suspicions.time - INTERVAL 48 HOURS AND suspicions.time + INTERVAL 24 HOURS
),
first_hours AS (
  SELECT * FROM hours
  WHERE sofa - baseline >= 2
  QUALIFY row_number() OVER (PARTITION BY stay ORDER BY suspected, sofa_hour) = 1
)
SELECT
  first_hours.stay,
  CASE getvariable('onset')
    WHEN 'earlier' THEN least(suspected, sofa_time)
    WHEN 'later' THEN greatest(suspected, sofa_time)
    ELSE suspected
  END AS onset,
  suspected, antibiotic, antibiotic_time, culture, culture_time, sofa_hour, sofa_time, sofa, baseline
FROM first_hours
JOIN suspicion ON suspicion.stay = first_hours.stay AND suspicion.time = suspected
QUALIFY row_number() OVER (
  PARTITION BY first_hours.stay ORDER BY antibiotic_time, culture_time, antibiotic, culture
) = 1;
