-- Stays in hospital; they end two days after the last stay in intensive care.
SELECT
  patient AS subject_id, admission AS hadm_id, min(admitted) AS admittime, max("left") + INTERVAL 2 DAYS AS dischtime,
  'EW EMER.' AS admission_type, 'EMERGENCY ROOM' AS admission_location, 'OTHER' AS race,
  CAST(bool_or(died) AS INTEGER) AS hospital_expire_flag
FROM stays
GROUP BY patient, admission
ORDER BY patient, admittime
