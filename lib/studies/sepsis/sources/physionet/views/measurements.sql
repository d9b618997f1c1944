-- Labs and charted values. The pressure of oxygen counts where the blood was arterial: in the lab the specimen says so
-- (ART.), the charted item is arterial by definition and mostly repeats the lab, so that either or both may be read.
-- Source: MIMIC code repository, concepts bg and sofa.
SELECT l.patient, l."time", l.quantity, l."value"
FROM prepared.labevents AS l
WHERE l.quantity IS NOT NULL AND l.quantity <> 'pao2'
UNION ALL
SELECT l.patient, l."time", l.quantity, l."value"
FROM prepared.labevents AS l
SEMI JOIN prepared.labevents AS k ON k.specimen = l.specimen AND upper(k.kind) LIKE 'ART%'
WHERE l.quantity = 'pao2' AND getvariable('gases') IN ('labs', 'both')
UNION ALL
SELECT c.patient, c."time", c.quantity, c."value"
FROM prepared.chartevents AS c
WHERE c.quantity IS NOT NULL AND (c.quantity <> 'pao2' OR getvariable('gases') IN ('charts', 'both'))
