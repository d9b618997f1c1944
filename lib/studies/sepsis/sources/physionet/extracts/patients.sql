-- Patients: sex, and age in an anchor year. Ages above 89 are given as 91 by the source.
SELECT subject_id AS patient, gender, anchor_age, anchor_year
FROM source
