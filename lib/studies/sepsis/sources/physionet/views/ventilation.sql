-- Stretches of invasive ventilation, by one of two rules, which `ventilation` chooses.
-- procedure: the procedure "invasive ventilation" with its start and end.
-- charted: what devices and modes that were charted say of each time, the most invasive first. A stretch begins where
-- that changes, or when the same was not charted for 14 hours. It lasts until something else is charted, at most
-- 14 hours later; charted once only it is none.
-- Source of the second: MIMIC code repository, concept ventilation. There a device counts only where a flow of oxygen
-- was charted at the same time, a side effect of a join; here it always counts.
WITH charted AS (
  SELECT
    c.patient, c.stay, c."time",
    first(c."text" ORDER BY c.stored DESC NULLS LAST, c."text" DESC) FILTER (c.kind = 'device') AS device,
    max(c."text") FILTER (c.kind = 'mode') AS mode,
    max(c."text") FILTER (c.kind = 'mode_hamilton') AS mode_hamilton
  FROM prepared.chartevents AS c
  WHERE c.kind IS NOT NULL AND getvariable('ventilation') = 'charted'
  GROUP BY ALL
),
said AS (
  SELECT
    c.patient, c.stay, c."time",
    CASE
      WHEN d.says = 'tracheostomy' THEN 'tracheostomy'
      WHEN d.says = 'invasive' OR m.says = 'invasive' OR h.says = 'invasive' THEN 'invasive'
      WHEN d.says = 'non-invasive' OR h.says = 'non-invasive' THEN 'non-invasive'
      ELSE d.says
    END AS says
  FROM charted AS c
  LEFT JOIN prepared.ventilation_texts AS d ON d.kind = 'device' AND d."text" = c.device
  LEFT JOIN prepared.ventilation_texts AS m ON m.kind = 'mode' AND m."text" = c.mode
  LEFT JOIN prepared.ventilation_texts AS h ON h.kind = 'mode_hamilton' AND h."text" = c.mode_hamilton
),
neighbours AS (
  SELECT
    *,
    lag("time") OVER (PARTITION BY stay, says ORDER BY "time") AS same_before,
    lag(says) OVER (PARTITION BY stay ORDER BY "time") AS said_before,
    lead("time") OVER (PARTITION BY stay ORDER BY "time") AS next_time
  FROM said
  WHERE says IS NOT NULL
),
numbered AS (
  SELECT
    *,
    count(*) FILTER (
      said_before IS NULL OR said_before <> says OR "time" - same_before >= INTERVAL 14 HOURS
    ) OVER (PARTITION BY stay ORDER BY "time") AS stretch
  FROM neighbours
)
SELECT
  any_value(patient) AS patient, min("time") AS "start",
  max(CASE WHEN next_time - "time" < INTERVAL 14 HOURS THEN next_time ELSE "time" END) AS stop
FROM numbered
WHERE says = 'invasive'
GROUP BY stay, stretch
HAVING min("time") < max("time")
UNION ALL
SELECT p.patient, p."start", p.stop
FROM prepared.procedureevents AS p
WHERE p."start" <= p.stop AND getvariable('ventilation') = 'procedure'
