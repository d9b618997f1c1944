-- Infusions of vasoactive drugs, a row for each stretch of one rate, and doses of anti-infective drugs.
SELECT
  s.subject_id AS patient, s.starttime AS "start", s.endtime AS stop, p.name AS pressor, a.name AS antibiotic,
  s.rate, s.rateuom AS unit, s.patientweight AS weight
FROM source AS s
LEFT JOIN pressors AS p ON p.item = s.itemid
LEFT JOIN d_items AS a ON a.item = s.itemid
WHERE p.name IS NOT NULL OR a.name IS NOT NULL
