-- Stays in hospital: when they began, and whether the patient died in them.
SELECT subject_id AS patient, hadm_id AS admission, admittime AS admitted, hospital_expire_flag AS died
FROM source
