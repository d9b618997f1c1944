-- Stretches of invasive ventilation, overlapping ones made one.
--
-- Makes: ventilated(patient, start, stop), stretches of a patient do not overlap.
CREATE OR REPLACE TABLE ventilated AS
WITH marked AS (
  SELECT
    patient, start, stop,
    max(stop) OVER (
      PARTITION BY patient ORDER BY start, stop ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS stopped_before
  FROM ventilation
),
numbered AS (
  SELECT
    patient, start, stop,
    count(*) FILTER (WHERE stopped_before IS NULL OR start > stopped_before)
      OVER (PARTITION BY patient ORDER BY start, stop ROWS UNBOUNDED PRECEDING) AS stretch
  FROM marked
)
SELECT patient, min(start) AS start, max(stop) AS stop
FROM numbered
GROUP BY patient, stretch;
