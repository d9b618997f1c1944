-- Invasive ventilation as a procedure with a start and an end.
SELECT s.subject_id AS patient, s.starttime AS "start", s.endtime AS stop
FROM source AS s
JOIN ventilation_items AS v ON v.item = s.itemid
