-- Labs of patients who were in intensive care at any time: numbers of the quantities within their limits, and the kind
-- of specimen of blood gases, which is a row of its own under the same specimen.
-- FiO2 is charted as a fraction or in per cent: what lies in (0.2, 1] is a fraction, what lies between 1 and 20 a flow
-- of oxygen in the wrong place, which the limits leave out.
-- Source: MIMIC code repository, concepts bg, chemistry, complete_blood_count, enzyme.
SELECT patient, specimen, "time", quantity, "value", kind
FROM (
  SELECT
    s.subject_id AS patient, s.charttime AS "time", q.quantity, q.low, q.high,
    CASE WHEN q.quantity = 'pao2' OR t.name IS NOT NULL THEN s.specimen_id END AS specimen,
    CASE
      WHEN q.quantity = 'fio2' AND s.valuenum > 0.2 AND s.valuenum <= 1 THEN 100 * s.valuenum
      ELSE q.factor * s.valuenum
    END AS "value",
    CASE WHEN t.name IS NOT NULL THEN s."value" END AS kind
  FROM source AS s
  LEFT JOIN quantity_items AS q ON q.source = 'labs' AND q.item = s.itemid
  LEFT JOIN texts AS t ON t.item = s.itemid AND t.name = 'specimen'
  WHERE s.itemid IN (SELECT item FROM quantity_items WHERE source = 'labs' UNION ALL SELECT item FROM texts)
    AND s.subject_id IN (SELECT patient FROM icustays)
)
WHERE "time" IS NOT NULL AND ("value" BETWEEN low AND high OR kind IS NOT NULL)
