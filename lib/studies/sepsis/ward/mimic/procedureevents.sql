-- Invasive ventilation.
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, start AS starttime, stop AS endtime, stop AS storetime,
  225792 AS itemid, date_diff('minute', start, stop) AS value, 'min' AS valueuom,
  'Ventilation' AS ordercategoryname, 'FinishedRunning' AS statusdescription
FROM ventilation
ASOF LEFT JOIN stays_by_time USING (patient, start)
ORDER BY subject_id, starttime
