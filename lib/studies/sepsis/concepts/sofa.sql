-- SOFA by the hour: six components, each the worst of 24 hours.
--
--   points            1          2          3            4
--   respiration       < 400      < 300      < 200 (*)    < 100 (*)      PaO2 / FiO2 [mmHg]
--   coagulation       < 150      < 100      < 50         < 20           platelets [10^9/l]
--   liver             >= 1.2     >= 2       >= 6         >= 12          bilirubin [mg/dl]
--   cardiovascular    < 70       drugs      drugs        drugs          mean arterial pressure [mmHg]; `pressors.sql`
--   cns               13-14      10-12      6-9          < 6            Glasgow coma scale
--   renal             >= 1.2     >= 2       >= 3.5       >= 5           creatinine [mg/dl]
--                                           < 500        < 200          urine of 24 hours [ml]
--   (*) with ventilation only: rule `ventilated`
--
-- The component of an hour is the worst of that hour and missing without a measurement. The score at hour h is the
-- sum of each component's maximum over the hours h - 23 to h, a component without any counts 0. Hours from -24 on
-- take part, those below 0 are dropped at the end. Rule `creatinine`: Table 6 of the paper prints "> 5.9" for four
-- points. Rule `ventilated` = last24Hours: 3 and 4 points for respiration only if the hour ends during ventilation
-- or within 24 hours after it. Rule `infusions` = latestOf24Hours: drugs look back 24 hours themselves.
--
-- Makes: sofa(stay, hour, ends, the six components of the hour, the same with _24h, sofa).
-- Source: Vincent et al. 1996; MIMIC code repository, concept sofa; Hofford et al. 2022.
CREATE OR REPLACE TABLE sofa AS
WITH grid AS (
  SELECT stay, hour_0, CAST(unnest(range(-24, CAST(last_hour AS BIGINT) + 1)) AS INTEGER) AS hour
  FROM spans
),
respiratory AS (
  SELECT stay, hour_of(time, hour_0) AS hour, max(respiration) AS respiration
  FROM gases
  JOIN spans USING (patient)
  WHERE time > hour_0 - INTERVAL 25 HOURS AND time <= hour_0 + to_hours(last_hour)
  GROUP BY stay, hour
),
-- Hours that end during ventilation or within 24 hours after it.
breathing AS (
  SELECT DISTINCT
    stay,
    unnest(range(
      greatest(-24, CAST(ceil(hours_since(start, hour_0)) AS BIGINT)),
      least(last_hour, CAST(floor(hours_since(stop, hour_0)) AS BIGINT) + 24) + 1
    )) AS hour
  FROM ventilated
  JOIN spans USING (patient)
  WHERE getvariable('ventilated') = 'last24Hours' AND stop >= hour_0 - INTERVAL 48 HOURS
    AND start <= hour_0 + to_hours(last_hour)
),
conscious AS (
  SELECT stay, hour_of(time, hour_0) AS hour, min(gcs) AS gcs
  FROM glasgow
  JOIN spans USING (patient)
  WHERE time > hour_0 - INTERVAL 25 HOURS AND time <= hour_0 + to_hours(last_hour)
  GROUP BY stay, hour
),
scored AS (
  SELECT
    grid.stay, grid.hour, grid.hour_0,
    respiratory.respiration,
    breathing.hour IS NOT NULL OR getvariable('ventilated') != 'last24Hours' AS may_exceed_2,
    CASE
      WHEN platelets < 20 THEN 4 WHEN platelets < 50 THEN 3 WHEN platelets < 100 THEN 2 WHEN platelets < 150 THEN 1
      WHEN platelets IS NOT NULL THEN 0
    END AS coagulation,
    CASE
      WHEN bilirubin >= 12 THEN 4 WHEN bilirubin >= 6 THEN 3 WHEN bilirubin >= 2 THEN 2 WHEN bilirubin >= 1.2 THEN 1
      WHEN bilirubin IS NOT NULL THEN 0
    END AS liver,
    CASE WHEN map < 70 THEN 1 WHEN map IS NOT NULL THEN 0 END AS low_pressure,
    pressors.score AS drugs,
    CASE
      WHEN gcs < 6 THEN 4 WHEN gcs < 10 THEN 3 WHEN gcs < 13 THEN 2 WHEN gcs < 15 THEN 1
      WHEN gcs IS NOT NULL THEN 0
    END AS cns,
    -- The greatest of two, where a missing one is passed over.
    greatest(
      CASE
        WHEN if(getvariable('creatinine') = 'printed', creatinine > 5.9, creatinine >= 5) THEN 4
        WHEN creatinine >= 3.5 THEN 3 WHEN creatinine >= 2 THEN 2 WHEN creatinine >= 1.2 THEN 1
        WHEN creatinine IS NOT NULL THEN 0
      END,
      CASE WHEN ml < 200 THEN 4 WHEN ml < 500 THEN 3 WHEN ml IS NOT NULL THEN 0 END
    ) AS renal
  FROM grid
  LEFT JOIN respiratory USING (stay, hour)
  LEFT JOIN breathing USING (stay, hour)
  LEFT JOIN labs USING (stay, hour)
  LEFT JOIN pressure USING (stay, hour)
  LEFT JOIN pressors USING (stay, hour)
  LEFT JOIN conscious USING (stay, hour)
  LEFT JOIN urine USING (stay, hour)
),
worst AS (
  SELECT
    stay, hour, hour_0 + to_hours(hour) AS ends,
    if(respiration > 2 AND NOT may_exceed_2, 2, respiration) AS respiration,
    coagulation, liver, greatest(low_pressure, drugs) AS cardiovascular, cns, renal,
    if(max(respiration) OVER day > 2 AND NOT may_exceed_2, 2, max(respiration) OVER day) AS respiration_24h,
    max(coagulation) OVER day AS coagulation_24h,
    max(liver) OVER day AS liver_24h,
    greatest(
      max(low_pressure) OVER day,
      if(getvariable('infusions') = 'latestOf24Hours', drugs, max(drugs) OVER day)
    ) AS cardiovascular_24h,
    max(cns) OVER day AS cns_24h,
    max(renal) OVER day AS renal_24h
  FROM scored
  WINDOW day AS (PARTITION BY stay ORDER BY hour ROWS 23 PRECEDING)
)
SELECT
  stay, hour, ends, respiration, coagulation, liver, cardiovascular, cns, renal,
  coalesce(respiration_24h, 0) AS respiration_24h, coalesce(coagulation_24h, 0) AS coagulation_24h,
  coalesce(liver_24h, 0) AS liver_24h, coalesce(cardiovascular_24h, 0) AS cardiovascular_24h,
  coalesce(cns_24h, 0) AS cns_24h, coalesce(renal_24h, 0) AS renal_24h,
  coalesce(respiration_24h, 0) + coalesce(coagulation_24h, 0) + coalesce(liver_24h, 0)
    + coalesce(cardiovascular_24h, 0) + coalesce(cns_24h, 0) + coalesce(renal_24h, 0) AS sofa
FROM worst
WHERE hour >= 0;
