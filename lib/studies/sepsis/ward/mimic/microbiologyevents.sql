-- Cultures: a row for each test of a specimen, every third one has two.
SELECT
  row_number() OVER (ORDER BY patient, time, id, test) AS microevent_id, patient AS subject_id, admission AS hadm_id,
  id AS micro_specimen_id, date_trunc('day', time) AS chartdate, CASE WHEN timed THEN time END AS charttime,
  70012 AS spec_itemid, specimen AS spec_type_desc, test AS test_seq, 90201 + test AS test_itemid,
  'Culture, Routine' AS test_name
FROM (SELECT *, row_number() OVER (ORDER BY patient, time, timed, specimen) AS id FROM cultures), range(1, 3) AS t(test)
WHERE test = 1 OR id % 3 = 0
ORDER BY subject_id, micro_specimen_id, test_seq
