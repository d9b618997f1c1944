-- Anti-infective drugs that the record of administration says were given, to patients who were in intensive care at
-- any time.
SELECT subject_id AS patient, charttime AS "time", medication AS drug
FROM source
WHERE subject_id IN (SELECT patient FROM icustays) AND regexp_matches(lower(medication), getvariable('anti_infectives'))
  AND lower(trim(event_txt)) IN (SELECT word FROM given)
