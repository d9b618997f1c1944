-- Urine. What was rinsed in has an item of its own, and so has what came out with it.
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, start AS charttime, start AS storetime,
  CASE WHEN ml < 0 THEN 227488 WHEN rinsed THEN 227489 ELSE 226559 END AS itemid, abs(ml) AS value, 'mL' AS valueuom
FROM (
  SELECT patient, time AS start, ml, min(ml) OVER (PARTITION BY patient, time) < 0 AS rinsed FROM outputs
)
ASOF LEFT JOIN stays_by_time USING (patient, start)
ORDER BY subject_id, charttime, itemid
