-- Orders of anti-infective drugs for patients who were in intensive care at any time, by parts of the drug's name.
-- Source: MIMIC code repository, concept antibiotic.
SELECT
  subject_id AS patient, hadm_id AS admission, starttime AS "start", stoptime AS stop, drug, route, drug_type AS kind
FROM source
WHERE subject_id IN (SELECT patient FROM icustays) AND regexp_matches(lower(drug), getvariable('anti_infectives'))
