-- What is charted at the bedside. FiO2 stands as a share or in per cent. The verbal response of a patient with a tube in
-- the windpipe is a text with the number 1. Some values cannot be: a pressure of 0, and a flow of oxygen as its share.
WITH stray AS (
  SELECT patient, time, admission, stay, junk.item, junk.value
  FROM placed, (VALUES ('map', 220052, 0.0), ('map', 220181, 801.0), ('fio2', 223835, 6.0)) AS junk(of, item, value)
  WHERE quantity = junk.of AND hash(patient, time, junk.item) % 50 = 0
)
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, time AS charttime, time + INTERVAL 5 MINUTES AS storetime,
  item AS itemid,
  CASE WHEN quantity = 'gcs_verbal' AND value = 0 THEN 'No Response-ETT' ELSE CAST(written AS VARCHAR) END AS value,
  CASE WHEN quantity = 'gcs_verbal' AND value = 0 THEN 1 ELSE written END AS valuenum, unit AS valueuom, 0 AS warning
FROM (
  SELECT
    *,
    CASE
      WHEN quantity = 'fio2' AND hash(patient, time) % 3 = 0 AND value > 20 AND 100 * (value / 100) = value
        THEN value / 100
      ELSE value
    END AS written
  FROM placed
  WHERE place = 'chart'
)
UNION ALL BY NAME
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, time AS charttime, time + INTERVAL 5 MINUTES AS storetime,
  item AS itemid, CAST(value AS VARCHAR) AS value, value AS valuenum, 1 AS warning
FROM stray
ORDER BY subject_id, charttime, itemid
