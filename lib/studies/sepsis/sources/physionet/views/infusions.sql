-- Vasoactive drugs in mcg/kg/min, vasopressin in units/min. A rate in a unit that is not listed, or for whose body
-- weight there is no credible number, is missing; rows without any rate are injections, and left out.
-- Rows in mg/kg/min with a weight of 1 are in fact in mcg/kg/min.
-- Source: MIMIC code repository, concepts norepinephrine, phenylephrine, vasopressin and their like.
SELECT
  i.patient, i."start", i.stop, i.pressor AS drug,
  CASE
    WHEN i.pressor = 'vasopressin' THEN CASE lower(i.unit)
      WHEN 'units/min' THEN i.rate
      WHEN 'units/hour' THEN i.rate / 60
    END
    ELSE CASE lower(i.unit)
      WHEN 'mcg/kg/min' THEN i.rate
      WHEN 'mcg/kg/hour' THEN i.rate / 60
      WHEN 'mg/kg/min' THEN CASE WHEN i.weight = 1 THEN i.rate ELSE 1000 * i.rate END
      WHEN 'mcg/min' THEN i.rate / w.kg
      WHEN 'mcg/hour' THEN i.rate / w.kg / 60
      WHEN 'mg/min' THEN 1000 * i.rate / w.kg
      WHEN 'mg/hour' THEN 1000 * i.rate / w.kg / 60
    END
  END AS rate
FROM prepared.inputevents AS i
CROSS JOIN LATERAL (
  SELECT CASE WHEN i.weight BETWEEN q.low AND q.high THEN i.weight END AS kg
  FROM prepared.quantity_items AS q WHERE q.quantity = 'weight' LIMIT 1
) AS w
WHERE i.pressor IS NOT NULL AND isfinite(i.rate) AND i."start" <= i.stop
