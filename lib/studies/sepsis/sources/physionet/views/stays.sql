-- Stays in intensive care that end after they begin. Age is that at admission: the age in the patient's anchor year and
-- the years since; above 89 it is not known, and 91 on record. Some stays begin before their admission by the clocks:
-- then the admission counts from the stay.
-- Source: MIMIC code repository, concepts age, icustay_detail.
SELECT
  s.stay, s.patient, CAST(s.patient AS VARCHAR) AS person, s.admission,
  least(a.admitted, s.arrived) AS admitted, s.arrived, s."left",
  p.anchor_age + year(coalesce(a.admitted, s.arrived)) - p.anchor_year AS age,
  CASE p.gender WHEN 'M' THEN TRUE WHEN 'F' THEN FALSE END AS male,
  a.died = 1 AS died,
  CAST(NULL AS BOOLEAN) AS infection
FROM prepared.icustays AS s
LEFT JOIN prepared.patients AS p ON p.patient = s.patient
LEFT JOIN prepared.admissions AS a ON a.admission = s.admission
WHERE s.arrived < s."left"
