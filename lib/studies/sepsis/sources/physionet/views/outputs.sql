-- Urine in ml. What was rinsed in counts against it; it comes out again and is then counted as urine.
-- Source: MIMIC code repository, concept urine_output.
SELECT o.patient, o."time", CASE WHEN u.name = 'irrigation' THEN -abs(o.ml) ELSE o.ml END AS ml
FROM prepared.outputevents AS o
JOIN prepared.urine AS u ON u.item = o.item
