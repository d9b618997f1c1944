-- Worst laboratory values of each hour.
--
-- Rule `simultaneous`: of several values with one time the highest counts, or their mean. Then the worst of the
-- hour: the lowest of platelets, the highest of bilirubin and creatinine.
--
-- Makes: labs(stay, hour, platelets [10^9/l], bilirubin [mg/dl], creatinine [mg/dl]), hours with a value only.
-- Source: MIMIC code repository, concepts complete_blood_count, enzyme, chemistry and sofa.
CREATE OR REPLACE TABLE labs AS
WITH specimens AS (
  SELECT patient, time, quantity, if(getvariable('simultaneous') = 'mean', avg(value), max(value)) AS value
  FROM measurements
  WHERE quantity IN ('platelets', 'bilirubin', 'creatinine')
  GROUP BY patient, time, quantity
)
SELECT
  stay, hour_of(time, hour_0) AS hour,
  min(value) FILTER (WHERE quantity = 'platelets') AS platelets,
  max(value) FILTER (WHERE quantity = 'bilirubin') AS bilirubin,
  max(value) FILTER (WHERE quantity = 'creatinine') AS creatinine
FROM specimens
JOIN spans USING (patient)
WHERE time > hour_0 - INTERVAL 25 HOURS AND time <= hour_0 + to_hours(last_hour)
GROUP BY stay, hour;
