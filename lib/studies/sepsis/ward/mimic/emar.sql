-- Doses given of antibiotics that have no item in intensive care; every tenth has a row of one that was not given.
SELECT
  patient AS subject_id, admission AS hadm_id, patient || '-' || id AS emar_id, id AS emar_seq, start AS charttime,
  drug AS medication, CASE said WHEN 1 THEN 'Administered' ELSE 'Not Given' END AS event_txt, start AS scheduletime,
  start AS storetime
FROM (
  SELECT patient, time AS start, drug, row_number() OVER (ORDER BY patient, time, drug) AS id
  FROM doses ANTI JOIN dose_items USING (drug)
) AS given
ASOF LEFT JOIN stays_by_time USING (patient, start), range(1, 3) AS t(said)
WHERE said = 1 OR id % 10 = 0
ORDER BY subject_id, emar_seq, event_txt
