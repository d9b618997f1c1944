-- Specimens sent to microbiology, one row each; some have a date only.
-- Source: MIMIC code repository, concept suspicion_of_infection.
SELECT
  max(m.patient) AS patient, max(m.admission) AS admission, coalesce(max(m."time"), max(m."date")) AS "time",
  max(m."time") IS NOT NULL AS timed, max(m.kind) AS specimen
FROM prepared.microbiologyevents AS m
WHERE m."date" IS NOT NULL OR m."time" IS NOT NULL
GROUP BY m.specimen
