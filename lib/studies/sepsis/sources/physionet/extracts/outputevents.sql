-- Urine, and what was rinsed in and came out again.
SELECT s.subject_id AS patient, s.charttime AS "time", s.itemid AS item, s."value" AS ml
FROM source AS s
JOIN urine ON urine.item = s.itemid
WHERE s.charttime IS NOT NULL AND isfinite(s."value")
