-- Patients: sex, and age in the year of the first stay in hospital.
SELECT
  patient AS subject_id, if(any_value(male), 'M', 'F') AS gender, CAST(arg_min(age, admitted) AS INTEGER) AS anchor_age,
  year(min(admitted)) AS anchor_year, '2014 - 2016' AS anchor_year_group
FROM stays
GROUP BY patient
ORDER BY patient
