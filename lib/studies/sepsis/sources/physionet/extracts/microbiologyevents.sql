-- Specimens that were sent to microbiology from patients who were in intensive care at any time. The source has a row
-- for each test, organism and antibiotic of a specimen.
SELECT
  subject_id AS patient, hadm_id AS admission, micro_specimen_id AS specimen, chartdate AS "date", charttime AS "time",
  spec_type_desc AS kind
FROM source
WHERE subject_id IN (SELECT patient FROM icustays)
