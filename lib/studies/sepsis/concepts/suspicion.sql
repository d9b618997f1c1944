-- Suspicion of infection: a culture and an antibiotic near to each other.
--
-- Culture first: the antibiotic starts after it, at most 72 hours later (if only the date of the culture is known:
-- on that date or the three after it). Antibiotic first: the culture is taken after its start, at most 24 hours
-- later (on the same date or the next). The suspicion is as old as the first of the two; a culture known by its date
-- counts from midnight. Rule `match`:
--   earliestCulture: each antibiotic takes the earliest culture before it; without one the earliest after it. Rule
--     `dated`: a culture without time stands last, or first, among those of its date.
--   next: each culture takes the next antibiotic, and each antibiotic the next culture, at the same time included.
-- Rule `place`: a suspicion belongs to a stay if its antibiotic is of the same admission (or says none) and
--   antibioticInStay: starts in [arrived, left);
--   suspicionNearStay: anywhere, and the suspicion lies in [arrived - 48 hours, left);
--   antibioticNearStay: starts in [arrived - 48 hours, left);
--   admission: anywhere, and the suspicion not more than 24 hours before the admission.
--
-- Makes: suspicion(stay, time, antibiotic, antibiotic_time, culture, culture_time, timed); several a stay.
-- Source: Seymour et al. 2016; MIMIC code repository, concept suspicion_of_infection; Hofford et al. 2022.
CREATE OR REPLACE TABLE suspicion AS
WITH near AS (
  SELECT
    antibiotics.id, antibiotics.time AS antibiotic_time, cultures.time AS culture_time, cultures.specimen, timed,
    CASE
      WHEN timed THEN antibiotics.time > cultures.time AND antibiotics.time <= cultures.time + INTERVAL 72 HOURS
      ELSE CAST(antibiotics.time AS DATE) BETWEEN CAST(cultures.time AS DATE) AND CAST(cultures.time AS DATE) + 3
    END AS culture_first,
    CASE
      WHEN timed THEN antibiotics.time >= cultures.time - INTERVAL 24 HOURS AND antibiotics.time < cultures.time
      ELSE CAST(antibiotics.time AS DATE) BETWEEN CAST(cultures.time AS DATE) - 1 AND CAST(cultures.time AS DATE)
    END AS antibiotic_first
  FROM antibiotics
  JOIN cultures USING (patient)
  WHERE getvariable('match') = 'earliestCulture'
    AND cultures.time BETWEEN antibiotics.time - INTERVAL 5 DAYS AND antibiotics.time + INTERVAL 2 DAYS
),
earliest AS (
  SELECT
    id, specimen, culture_time, timed,
    if(culture_first, culture_time, antibiotic_time) AS time
  FROM near
  WHERE culture_first OR antibiotic_first
  QUALIFY row_number() OVER (
    PARTITION BY id
    ORDER BY
      culture_first DESC, CAST(culture_time AS DATE),
      if(getvariable('dated') = 'last', NOT timed, timed), culture_time, specimen
  ) = 1
),
-- The next of each, where a date is its midnight.
first_started AS (
  SELECT * FROM antibiotics QUALIFY row_number() OVER (PARTITION BY patient, time ORDER BY id) = 1
),
first_taken AS (
  SELECT * FROM cultures QUALIFY row_number() OVER (PARTITION BY patient, time ORDER BY specimen) = 1
),
following AS (
  SELECT started.id, specimen, taken.time AS culture_time, timed, taken.time AS time
  FROM first_taken AS taken
  ASOF JOIN first_started AS started ON taken.patient = started.patient AND taken.time <= started.time
  WHERE getvariable('match') = 'next' AND started.time <= taken.time + INTERVAL 72 HOURS
  UNION
  SELECT started.id, specimen, taken.time, timed, started.time
  FROM first_started AS started
  ASOF JOIN first_taken AS taken ON taken.patient = started.patient AND started.time <= taken.time
  WHERE getvariable('match') = 'next' AND taken.time <= started.time + INTERVAL 24 HOURS
),
pairs AS (
  SELECT * FROM earliest
  UNION ALL
  SELECT * FROM following
)
SELECT
  stay, pairs.time, drug AS antibiotic, antibiotics.time AS antibiotic_time, specimen AS culture, culture_time, timed
FROM pairs
JOIN antibiotics USING (id)
JOIN spans ON spans.patient = antibiotics.patient
  AND (spans.admission = antibiotics.admission OR spans.admission IS NULL OR antibiotics.admission IS NULL)
WHERE CASE getvariable('place')
  WHEN 'antibioticInStay' THEN antibiotics.time >= arrived AND antibiotics.time < "left"
  WHEN 'suspicionNearStay' THEN pairs.time >= arrived - INTERVAL 48 HOURS AND pairs.time < "left"
  WHEN 'antibioticNearStay' THEN antibiotics.time >= arrived - INTERVAL 48 HOURS AND antibiotics.time < "left"
  ELSE pairs.time >= coalesce(admitted, arrived) - INTERVAL 24 HOURS
END;
