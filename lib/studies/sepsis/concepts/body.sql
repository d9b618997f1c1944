-- Weight and height of each stay.
--
-- Weight: the first one charted from 24 hours before arrival to the end of the stay. Height: the one charted nearest to
-- the arrival, at any time, as adults do not grow; of two equally near the earlier.
--
-- Makes: body(stay, weight [kg], height [cm]), one row a stay, missing where nothing was charted.
CREATE OR REPLACE TABLE body AS
SELECT
  stay,
  arg_min(value, time) FILTER (
    WHERE quantity = 'weight' AND time >= arrived - INTERVAL 24 HOURS AND time <= "left"
  ) AS weight,
  arg_min(value, (abs(hours_since(time, arrived)), time)) FILTER (WHERE quantity = 'height') AS height
FROM spans
LEFT JOIN (
  -- Values with one time: the highest.
  SELECT patient, time, quantity, max(value) AS value
  FROM measurements
  WHERE quantity IN ('weight', 'height')
  GROUP BY patient, time, quantity
) AS charted USING (patient)
GROUP BY stay;
