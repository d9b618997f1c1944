-- Charted values of intensive care: numbers of the quantities within their limits, and texts on ventilation.
-- FiO2 as in labevents.sql. The verbal part of the Glasgow coma scale of a patient with a tube in the windpipe is
-- charted as "No Response-ETT" with the number 1: it becomes 0, which says that it could not be tested.
-- Of texts on devices the time of storing is kept, by which the last of one time is told.
-- Source: MIMIC code repository, concepts bg, gcs, vitalsign, height, weight_durations, oxygen_delivery.
SELECT patient, stay, "time", quantity, "value", kind, "text", stored
FROM (
  SELECT
    s.subject_id AS patient, s.stay_id AS stay, s.charttime AS "time", q.quantity, q.low, q.high,
    CASE
      WHEN q.quantity = 'fio2' AND s.valuenum > 0.2 AND s.valuenum <= 1 THEN 100 * s.valuenum
      WHEN q.quantity = 'gcs_verbal' AND s."value" = 'No Response-ETT' THEN 0
      ELSE q.factor * s.valuenum
    END AS "value",
    t.name AS kind,
    CASE WHEN t.name IS NOT NULL THEN trim(s."value") END AS "text",
    CASE WHEN t.name IS NOT NULL THEN s.storetime END AS stored
  FROM source AS s
  LEFT JOIN quantity_items AS q ON q.source = 'charts' AND q.item = s.itemid
  LEFT JOIN texts AS t ON t.item = s.itemid
  WHERE s.itemid IN (SELECT item FROM quantity_items WHERE source = 'charts' UNION ALL SELECT item FROM texts)
)
WHERE "time" IS NOT NULL AND ("value" BETWEEN low AND high OR "text" IS NOT NULL)
