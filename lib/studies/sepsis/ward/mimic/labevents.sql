-- The laboratory. A blood gas is a specimen of its own with a row that says which kind; some are venous and must not be
-- read as arterial. What is charted with a gas at the same minute may stand here too.
WITH rows AS (
  SELECT *, row_number() OVER (ORDER BY patient, time, quantity, value) AS id FROM placed
  WHERE place = 'lab'
),
gases AS (
  SELECT patient, time, admission, min(id) AS id FROM rows WHERE quantity = 'pao2' GROUP BY patient, time, admission, id
)
SELECT
  row_number() OVER (ORDER BY subject_id, charttime, itemid, specimen_id) AS labevent_id, *
FROM (
  SELECT
    patient AS subject_id, admission AS hadm_id, id AS specimen_id, item AS itemid, time AS charttime,
    time + INTERVAL 1 HOUR AS storetime, CAST(value AS VARCHAR) AS value, value AS valuenum, unit AS valueuom,
    'ROUTINE' AS priority
  FROM rows
  UNION ALL BY NAME
  SELECT
    patient AS subject_id, admission AS hadm_id, id AS specimen_id, 52033 AS itemid, time AS charttime,
    time + INTERVAL 1 HOUR AS storetime, 'ART.' AS value, 'ROUTINE' AS priority
  FROM gases
  UNION ALL BY NAME
  -- A venous gas beside every tenth one.
  SELECT
    patient AS subject_id, admission AS hadm_id, id + 1000000000 AS specimen_id, kind.itemid, time AS charttime,
    time + INTERVAL 1 HOUR AS storetime, kind.value, kind.valuenum, 'ROUTINE' AS priority
  FROM gases, (VALUES (52033, 'VEN.', NULL), (50821, '38', 38)) AS kind(itemid, value, valuenum)
  WHERE id % 10 = 0
)
ORDER BY subject_id, charttime, itemid, specimen_id
