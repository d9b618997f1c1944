-- The views from the tables of the MIMIC-IV demo, which hold numbers and no texts.
--
-- What texts would tell is replaced: arterial PaO2 is the charted item 220224, as the specimen of the laboratory's
-- gases is not known; ventilation is a procedure; a verbal response of 1 during it means a tube (verbal 0). Events
-- say whose they are and when, not in which stay. Values outside the limits of `quantities` are left out. Inspired
-- oxygen above 0.2 and up to 1 is a fraction, between 1 and 20 a flow that is left out. Source of items and limits:
-- MIMIC code repository.
INSERT INTO stays BY NAME
SELECT
  stay_id AS stay, icustays.subject_id AS patient, CAST(icustays.subject_id AS VARCHAR) AS person,
  icustays.hadm_id AS admission, least(admittime, intime) AS admitted, intime AS arrived, outtime AS "left",
  anchor_age + year(intime) - anchor_year AS age, gender = 'M' AS male, hospital_expire_flag = 1 AS died,
  CAST(NULL AS BOOLEAN) AS infection
FROM mimic_demo.icustays
JOIN mimic_demo.patients USING (subject_id)
LEFT JOIN mimic_demo.admissions ON admissions.hadm_id = icustays.hadm_id
WHERE outtime > intime;

INSERT INTO ventilation BY NAME
SELECT subject_id AS patient, starttime AS start, endtime AS stop
FROM mimic_demo.procedures
WHERE itemid = getvariable('ventilation_item') AND endtime >= starttime;

INSERT INTO measurements BY NAME
WITH converted AS (
  SELECT
    subject_id AS patient, charttime AS time, quantity, low, high,
    CASE
      WHEN quantity = 'fio2' AND value > 0.2 AND value <= 1 THEN 100 * value
      WHEN quantity = 'gcs_verbal' AND value = 1 AND EXISTS (
        FROM ventilation WHERE patient = subject_id AND charttime BETWEEN start AND stop
      ) THEN 0
      ELSE factor * value
    END AS value
  FROM mimic_demo.numeric_events
  JOIN mimic_demo.item_quantities ON item = itemid
)
SELECT patient, time, quantity, value
FROM converted
WHERE value BETWEEN low AND high;

INSERT INTO infusions BY NAME
SELECT
  subject_id AS patient, starttime AS start, endtime AS stop, drug, if(drug = 'vasopressin', rate / 60, rate) AS rate
FROM mimic_demo.infusions
JOIN mimic_demo.item_drugs ON item = itemid
WHERE endtime >= starttime;

INSERT INTO outputs BY NAME
SELECT subject_id AS patient, charttime AS time, sign * ml AS ml
FROM mimic_demo.outputs
JOIN mimic_demo.item_urine ON item = itemid
WHERE ml >= 0;

INSERT INTO cultures BY NAME
SELECT
  any_value(subject_id) AS patient, any_value(hadm_id) AS admission,
  coalesce(max(charttime), date_trunc('day', max(chartdate))) AS time, max(charttime) IS NOT NULL AS timed,
  max(spec_type_desc) AS specimen
FROM mimic_demo.microbiologyevents
GROUP BY micro_specimen_id;

INSERT INTO orders BY NAME
SELECT
  subject_id AS patient, hadm_id AS admission, starttime AS start, stoptime AS stop, drug, route, drug_type AS kind
FROM mimic_demo.prescriptions
WHERE starttime IS NOT NULL AND regexp_matches(lower(drug), getvariable('anti_infectives'));

INSERT INTO doses BY NAME
SELECT subject_id AS patient, charttime AS time, medication AS drug
FROM mimic_demo.antibiotic_admin
WHERE regexp_matches(emar_action, '^(Delayed )?(Administered|Started)')
  AND regexp_matches(lower(medication), getvariable('anti_infectives'))
UNION ALL
SELECT subject_id, starttime, drug
FROM mimic_demo.infusions
JOIN mimic_demo.item_antibiotics ON item = itemid;
