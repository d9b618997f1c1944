-- Lowest mean arterial pressure of each hour.
--
-- Rule `pressure`: values with one time (cuff and artery) are averaged, or the lowest counts. Then the lowest of the
-- hour.
--
-- Makes: pressure(stay, hour, map) [mmHg], hours with a value only.
-- Source: MIMIC code repository, concepts vitalsign and sofa.
CREATE OR REPLACE TABLE pressure AS
WITH readings AS (
  SELECT patient, time, if(getvariable('pressure') = 'lowest', min(value), avg(value)) AS map
  FROM measurements
  WHERE quantity = 'map'
  GROUP BY patient, time
)
SELECT stay, hour_of(time, hour_0) AS hour, min(map) AS map
FROM readings
JOIN spans USING (patient)
WHERE time > hour_0 - INTERVAL 25 HOURS AND time <= hour_0 + to_hours(last_hour)
GROUP BY stay, hour;
