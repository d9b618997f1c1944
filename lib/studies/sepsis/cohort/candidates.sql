-- Stays with what decides whether they belong to the cohort.
--
-- Stays of a patient less than `merge_hours` hours apart are one: it begins when the first begins and ends when the
-- last ends. `merged` says which stays are parts of which.
--
-- Time zero, variable `zero`:
--   sepsis      the onset of sepsis, the earliest of all parts
--   sepsis_icu  the later of that and of the first SOFA in intensive care, which is that of the arrival
--   icu         the arrival in intensive care
--   admission   the arrival in hospital
--   antibiotic  the later of the arrival and of the first order of an antibiotic from 24 hours before the arrival on
--
-- The record of a stay ends with its last hour of SOFA. Organ failure: SOFA of 2 or more in an hour that ends from 48
-- hours before time zero to 24 hours after it. One of the three: vancomycin, ceftriaxone or piperacillin-tazobactam
-- ordered from 24 hours before the arrival on, before leaving; the order may come long after time zero. Another
-- antibiotic: an order of one that begins in the 12 hours before the arrival or later, and lasts longer than 6 hours
-- after the arrival; or that begins earlier than 12 hours before leaving and lasts longer than 12 hours after the
-- arrival; or a dose of one given during the stay. Orders that say "lock" (of a catheter) or "graded" (a challenge for
-- allergy) are passed over.
--
-- Reads stays, doses, and of the concepts spans, sofa, sepsis, antibiotics, body. Makes merged(stay, part),
-- candidates(stay, patient, person, arrived, left, zero, ended, age, male, height [cm], weight [kg], and truth values).
-- Source: the paper's section A.3.3 and its program.
CREATE OR REPLACE TABLE merged AS
WITH ordered AS (
  SELECT
    stay, patient, arrived,
    max("left") OVER (
      PARTITION BY patient ORDER BY arrived, stay ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS left_before
  FROM stays
),
numbered AS (
  SELECT
    *,
    count(*) FILTER (
      WHERE left_before IS NULL OR arrived >= left_before + to_hours(CAST(getvariable('merge_hours') AS INTEGER))
    ) OVER (PARTITION BY patient ORDER BY arrived, stay ROWS UNBOUNDED PRECEDING) AS run
  FROM ordered
)
SELECT
  first_value(stay) OVER (
    PARTITION BY patient, run ORDER BY arrived, stay ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING
  ) AS stay,
  stay AS part
FROM numbered;

-- Antibiotics under one name: 1, 2, 3 for the three of the paper, 0 for others.
CREATE OR REPLACE MACRO studied(drug) AS CASE
  WHEN regexp_matches(lower(drug), 'vanco') THEN 1
  WHEN regexp_matches(lower(drug), 'ceftriaxone|rocephin') THEN 2
  WHEN regexp_matches(lower(drug), 'piperacillin|zosyn') THEN 3
  ELSE 0
END;

CREATE OR REPLACE TABLE candidates AS
WITH whole AS (
  SELECT
    merged.stay, any_value(stays.patient) AS patient, any_value(stays.person) AS person,
    min(stays.arrived) AS arrived, max(stays."left") AS "left", min(stays.admitted) AS admitted,
    arg_min(stays.age, stays.arrived) AS age, arg_min(stays.male, stays.arrived) AS male,
    max(hour_0 + to_hours(last_hour)) AS ended,
    coalesce(bool_or(stays.infection), false) AS infection,
    min(onset) AS onset
  FROM merged
  JOIN stays ON stays.stay = merged.part
  JOIN spans ON spans.stay = merged.part
  LEFT JOIN sepsis ON sepsis.stay = merged.part
  GROUP BY merged.stay
),
ordered AS (
  SELECT
    whole.*,
    (
      SELECT min(time) FROM antibiotics
      WHERE antibiotics.patient = whole.patient
        AND time >= whole.arrived - INTERVAL 24 HOURS AND time < whole."left"
    ) AS first_order
  FROM whole
),
begun AS (
  SELECT
    *,
    CASE getvariable('zero')
      WHEN 'sepsis' THEN onset
      WHEN 'sepsis_icu' THEN CASE WHEN onset IS NOT NULL THEN greatest(onset, arrived) END
      WHEN 'icu' THEN arrived
      WHEN 'admission' THEN admitted
      WHEN 'antibiotic' THEN CASE WHEN first_order IS NOT NULL THEN greatest(first_order, arrived) END
    END AS zero
  FROM ordered
),
failing AS (
  SELECT DISTINCT begun.stay
  FROM begun
  JOIN merged USING (stay)
  JOIN sofa ON sofa.stay = merged.part
  WHERE sofa >= 2 AND ends BETWEEN zero - INTERVAL 48 HOURS AND zero + INTERVAL 24 HOURS
),
drugs AS (
  SELECT
    begun.stay,
    bool_or(studied(drug) > 0 AND time >= arrived - INTERVAL 24 HOURS AND time < "left") AS one_of_three,
    bool_or(
      studied(drug) = 0 AND (
        time > arrived - INTERVAL 12 HOURS AND time < "left"
          AND coalesce(stop, "left") > arrived + INTERVAL 6 HOURS
        OR time < "left" - INTERVAL 12 HOURS AND coalesce(stop, "left") > arrived + INTERVAL 12 HOURS
      )
    ) AS another
  FROM begun
  JOIN antibiotics USING (patient)
  WHERE NOT regexp_matches(lower(drug), 'lock|graded')
  GROUP BY begun.stay
),
dosed AS (
  SELECT DISTINCT begun.stay
  FROM begun
  JOIN doses USING (patient)
  WHERE doses.time >= arrived AND doses.time < "left" AND studied(drug) = 0
    AND regexp_matches(lower(drug), getvariable('dose_names'))
)
SELECT
  begun.stay, patient, person, arrived, "left", zero, ended, age, male, height, weight,
  onset IS NOT NULL AS sepsis,
  infection,
  first_order IS NOT NULL AS antibiotic,
  failing.stay IS NOT NULL AS organ_failure,
  zero IS NOT NULL AS has_zero,
  coalesce(one_of_three, false) AS one_of_three,
  NOT coalesce(another, false) AND dosed.stay IS NULL AS no_other,
  coalesce(ended >= zero + to_hours(CAST(getvariable('least_hours') AS INTEGER)), false) AS long_enough
FROM begun
LEFT JOIN failing ON failing.stay = begun.stay
LEFT JOIN drugs ON drugs.stay = begun.stay
LEFT JOIN dosed ON dosed.stay = begun.stay
LEFT JOIN body ON body.stay = begun.stay;
