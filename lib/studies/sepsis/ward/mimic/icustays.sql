-- Stays in intensive care.
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id,
  'Medical Intensive Care Unit (MICU)' AS first_careunit, 'Medical Intensive Care Unit (MICU)' AS last_careunit,
  arrived AS intime, "left" AS outtime, date_diff('minute', arrived, "left") / 1440 AS los
FROM stays
ORDER BY subject_id, intime
