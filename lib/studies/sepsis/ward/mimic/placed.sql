-- Measurements with their item, whether the laboratory or the bedside wrote them, and the stays that they belong to.
CREATE TABLE stays_by_time AS SELECT patient, admission, stay, admitted AS start FROM stays;
CREATE TABLE placed AS
SELECT
  patient, start AS time, admission, stay, quantity, value, chosen.place, unit,
  CASE
    WHEN quantity = 'map' THEN if(copy % 2 = 0, 220181, 220052)
    WHEN quantity = 'weight' THEN if(first_one, 226512, 224639)
    ELSE item
  END AS item
FROM (
  SELECT
    patient, time AS start, quantity, value,
    row_number() OVER (PARTITION BY patient, quantity, time ORDER BY value) AS copy,
    time = min(time) OVER (PARTITION BY patient, quantity) AS first_one,
    -- FiO2 of the minute of a gas is sometimes the laboratory's.
    quantity = 'fio2' AND hash(patient, time) % 2 = 0
      AND bool_or(quantity = 'pao2') OVER (PARTITION BY patient, time) AS with_gas
  FROM measurements
)
ASOF LEFT JOIN stays_by_time USING (patient, start)
JOIN quantity_items AS chosen USING (quantity)
WHERE chosen.place = CASE
  WHEN quantity = 'fio2' THEN if(with_gas, 'lab', 'chart')
  WHEN quantity = 'pao2' THEN 'lab'
  ELSE chosen.place
END;
