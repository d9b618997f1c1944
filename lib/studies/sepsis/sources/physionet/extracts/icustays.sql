-- Stays in intensive care.
SELECT subject_id AS patient, hadm_id AS admission, stay_id AS stay, intime AS arrived, outtime AS "left"
FROM source
