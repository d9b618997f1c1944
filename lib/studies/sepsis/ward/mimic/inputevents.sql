-- Vasoactive drugs, some by the minute without the weight, and doses of the antibiotics that have an item. A rate that
-- is not known is one in a unit of volume.
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, start AS starttime, stop AS endtime, stop AS storetime,
  item AS itemid, 1.0 AS amount, 'mg' AS amountuom,
  CASE WHEN rate IS NULL THEN 10.0 WHEN whole THEN rate * kg ELSE rate END AS rate,
  CASE
    WHEN rate IS NULL THEN 'mL/hour'
    WHEN drug = 'vasopressin' THEN 'units/min'
    WHEN whole THEN 'mcg/min' ELSE 'mcg/kg/min'
  END AS rateuom,
  'Continuous Med' AS ordercategorydescription, kg AS patientweight, 'FinishedRunning' AS statusdescription
FROM (
  SELECT
    *,
    drug <> 'vasopressin' AND hash(patient, start) % 3 = 0 AND rate * kg / kg = rate AS whole
  FROM (
    SELECT infusions.*, admission, stay, item, 60.0 + hash(patient) % 50 AS kg
    FROM infusions
    ASOF LEFT JOIN stays_by_time USING (patient, start)
    JOIN pressor_items USING (drug)
  )
)
UNION ALL BY NAME
SELECT
  patient AS subject_id, admission AS hadm_id, stay AS stay_id, start AS starttime,
  start + INTERVAL 1 MINUTE AS endtime, start AS storetime, item AS itemid, 1.0 AS amount, 'dose' AS amountuom,
  'Drug Push' AS ordercategorydescription, 'FinishedRunning' AS statusdescription
FROM (SELECT patient, time AS start, drug FROM doses) AS given
ASOF LEFT JOIN stays_by_time USING (patient, start)
JOIN dose_items USING (drug)
ORDER BY subject_id, starttime, itemid
