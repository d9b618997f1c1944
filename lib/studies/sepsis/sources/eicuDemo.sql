-- The demo of eICU as the views of the study.
--
-- Every stay is a patient of its own, as eICU gives no dates that would tie stays together; `person` says whose it is.
-- The clock of each stay begins at 2000-01-01 00:00 with its arrival. The hourly table ends with hour 168: a stay that
-- goes on is taken to end there. Which diagnoses count as infection is a variable, `diagnosis`: 'infection' or 'sepsis'.
--
-- Files are read from the folder in the variable `folder`; the table `limits(quantity, low, high)` must exist.
CREATE OR REPLACE MACRO eicu(file) AS TABLE
  SELECT * FROM read_csv(getvariable('folder') || '/' || file, header = true, all_varchar = true);
CREATE OR REPLACE MACRO clock(minutes) AS
  TIMESTAMP '2000-01-01 00:00:00' + to_microseconds(CAST(round(minutes * 6e7) AS BIGINT));
CREATE OR REPLACE MACRO num(cell) AS try_cast(cell AS DOUBLE);

-- Minutes of the last hour of the hourly table.
SET VARIABLE recorded = 168 * 60;

INSERT INTO stays BY NAME
SELECT
  CAST(stay_id AS BIGINT) AS stay,
  CAST(stay_id AS BIGINT) AS patient,
  uniquepid AS person,
  CAST(NULL AS BIGINT) AS admission,
  CAST(NULL AS TIMESTAMP) AS admitted,
  clock(0) AS arrived,
  clock(least(num(unit_discharge_min), getvariable('recorded'))) AS "left",
  -- Ages above 89 are hidden; 90 stands for them.
  num(replace(age, '> 89', '90')) AS age,
  CASE gender WHEN 'Male' THEN true WHEN 'Female' THEN false END AS male,
  CASE coalesce(hospitaldischargestatus, unitdischargestatus) WHEN 'Expired' THEN true WHEN 'Alive' THEN false END
    AS died,
  CAST(if(getvariable('diagnosis') = 'sepsis', sepsis_dx, infection_dx) AS BOOLEAN) AS infection
FROM eicu('stays.csv.gz');

-- Hourly values lie at the end of their hour. Anion gap: sodium - chloride - bicarbonate of one hour. Of a stay's
-- height and weight only one each is known.
CREATE OR REPLACE TEMP TABLE charted AS
WITH hours AS (
  SELECT
    CAST(stay_id AS BIGINT) AS patient, clock(num(hour) * 60) AS time,
    num(plt) AS platelets, num(bili) AS bilirubin, num(crea) AS creatinine, num(bun) AS bun, num(alt) AS alt,
    num(na) - num(cl) - num(bicar) AS anion_gap, num(bicar) AS bicarbonate, num(po2) AS pao2, num(fio2) AS fio2,
    num(map) AS map, num(sbp) AS sbp, num(dbp) AS dbp, num(hr) AS heart_rate
  FROM eicu('hourly.csv.gz')
  WHERE num(hour) >= 0
)
UNPIVOT hours ON COLUMNS(* EXCLUDE (patient, time)) INTO NAME quantity VALUE value;

INSERT INTO charted
SELECT CAST(stay_id AS BIGINT), clock(0), 'height', num(height_cm) FROM eicu('stays.csv.gz')
UNION ALL
SELECT CAST(stay_id AS BIGINT), clock(0), 'weight', num(weight_kg) FROM eicu('stays.csv.gz');

-- The Glasgow coma scale is charted 1.2 times a stay: what was found stands, hour after hour, until the next record, as
-- scores that look back 24 hours would forget it otherwise. Records from 24 hours before arrival on.
INSERT INTO charted
WITH parts AS (
  SELECT
    CAST(stay_id AS BIGINT) AS patient, 'gcs_' || replace(component, 'eyes', 'eye') AS quantity,
    num(offset_min) AS minute, min(num(score)) AS value
  FROM eicu('gcs.csv.gz')
  WHERE num(offset_min) >= -24 * 60
  GROUP BY ALL
),
ended AS (
  SELECT
    parts.*,
    least(
      coalesce(lead(minute) OVER (PARTITION BY parts.patient, quantity ORDER BY minute), 1e9),
      date_diff('minute', arrived, "left") + 0.5
    ) AS until
  FROM parts
  JOIN stays ON stay = parts.patient
)
SELECT patient, clock(minute), quantity, value FROM ended
UNION ALL
SELECT patient, clock(60 * unnest(range(CAST(floor(minute / 60) AS BIGINT) + 1, CAST(ceil(until / 60) AS BIGINT)))),
  quantity, value
FROM ended;

INSERT INTO measurements BY NAME
SELECT patient, time, quantity, value
FROM charted
JOIN limits USING (quantity)
WHERE value BETWEEN low AND high;

-- Vasoactive drugs. A row says what ran when it was charted; it is taken to run for an hour, or up to the next row of
-- its drug. The unit stands behind the name. Per minute it is divided by the weight; ml/hr and "()" have no dose:
-- the rate is unknown. So is one of 'mg/kg/min', a thousand times what is ever given. Rows without a number or of 0 say
-- that nothing ran.
INSERT INTO infusions BY NAME
WITH rows AS (
  SELECT
    CAST(drugs.stay_id AS BIGINT) AS patient, num(offset_min) AS minute, lower(drugname) AS name, num(drugrate) AS rate,
    coalesce(nullif(num(patientweight), 0), num(weight_kg)) AS weight
  FROM eicu('vasopressors.csv.gz') AS drugs
  JOIN eicu('stays.csv.gz') AS stays USING (stay_id)
),
named AS (
  SELECT
    *,
    -- Norepinephrine first, as its name holds another.
    regexp_extract(name, 'norepinephrine|epinephrine|dopamine|dobutamine|phenylephrine|vasopressin|milrinone') AS drug,
    regexp_extract(name, '\(([^()]*)\)$', 1) AS unit
  FROM rows
),
dosed AS (
  SELECT
    patient, minute, drug, max(rate) AS charted,
    max(CASE
      WHEN drug = 'vasopressin' THEN
        CASE unit WHEN 'units/min' THEN rate WHEN 'units/hr' THEN rate / 60 END
      WHEN unit = 'mcg/kg/min' THEN rate
      WHEN unit = 'mcg/min' AND weight BETWEEN 20 AND 400 THEN rate / weight
    END) AS rate
  FROM named
  WHERE drug != ''
  GROUP BY patient, minute, drug
),
lasting AS (
  SELECT
    *, least(minute + 60, coalesce(lead(minute) OVER (PARTITION BY patient, drug ORDER BY minute), 1e9)) AS until
  FROM dosed
)
SELECT patient, clock(minute) AS start, clock(until) AS stop, drug, rate
FROM lasting
WHERE charted > 0;

INSERT INTO outputs BY NAME
SELECT CAST(stay_id AS BIGINT) AS patient, clock(num(hour) * 60) AS time, num(urine) AS ml
FROM eicu('hourly.csv.gz')
WHERE num(urine) IS NOT NULL AND num(hour) >= 0;

-- Ventilation is known as a flag of the first day only.
INSERT INTO ventilation BY NAME
SELECT patient, clock(0) AS start, least(clock(24 * 60), "left") AS stop
FROM eicu('apache_first_day.csv.gz')
JOIN stays ON stay = CAST(patientunitstayid AS BIGINT)
WHERE num(vent) = 1;

-- Orders of antibiotics. 40 % of the names were filled in from codes: the class of the drug is given where it is one of
-- the three, else the name. Merrem, a brand that lists of substances lack, is meropenem.
INSERT INTO orders BY NAME
SELECT
  CAST(stay_id AS BIGINT) AS patient, CAST(NULL AS BIGINT) AS admission,
  clock(num(start_min)) AS start, clock(num(stop_min)) AS stop,
  if(drug = 'other', replace(source_name, 'merrem', 'meropenem'), drug) AS drug, route, 'MAIN' AS kind
FROM eicu('antibiotics.csv.gz');

DROP TABLE charted;
