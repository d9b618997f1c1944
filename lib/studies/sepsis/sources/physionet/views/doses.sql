-- Anti-infective drugs given: infusions and injections of intensive care, and what the electronic record of
-- administration says was given anywhere. A dose may stand in both.
SELECT i.patient, i."start" AS "time", i.antibiotic AS drug
FROM prepared.inputevents AS i
WHERE i.antibiotic IS NOT NULL AND i."start" IS NOT NULL
UNION ALL
SELECT e.patient, e."time", e.drug
FROM prepared.emar AS e
WHERE e."time" IS NOT NULL
