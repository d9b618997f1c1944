-- Starts of antibiotics.
--
-- Rule `names`: a drug counts whose name contains one of a list. Rule `routes`: systemic ones only; not those for
-- the eye (OU, OS, OD) or ear (AU, AS, AD) or skin (TP), no cream, gel, ointment for the eye, no desensitisation.
-- What is mixed in as a BASE is never one. Rule `given`: an order starts an antibiotic, or each dose that was given,
-- or both. Doses have neither admission nor route.
--
-- Makes: antibiotics(id, patient, admission, time, stop, drug), ids 1, 2, .. in this order.
-- Source: MIMIC code repository, concept antibiotic.
CREATE OR REPLACE TABLE antibiotics AS
WITH started AS (
  SELECT patient, admission, start AS time, stop, drug
  FROM orders
  WHERE getvariable('given') != 'doses'
    AND coalesce(kind, '') != 'BASE'
    AND (
      getvariable('routes') = 'all'
      OR coalesce(route, '') NOT IN ('OU', 'OS', 'OD', 'AU', 'AS', 'AD', 'TP')
        AND NOT regexp_matches(lower(coalesce(route, '')), 'ear|eye')
    )
  UNION ALL
  SELECT patient, CAST(NULL AS BIGINT), time, CAST(NULL AS TIMESTAMP), drug
  FROM doses
  WHERE getvariable('given') != 'orders'
)
SELECT
  CAST(row_number() OVER (ORDER BY patient, time, stop, drug, admission) AS INTEGER) AS id,
  patient, admission, time, stop, drug
FROM started
WHERE regexp_matches(lower(drug), getvariable('antibiotic_names'))
  AND (getvariable('routes') = 'all' OR NOT regexp_matches(lower(drug), 'cream|desensitization|ophth oint|gel'));
