-- Vasoactive drugs of each hour, and their cardiovascular score.
--
-- Rule `infusions`: an hour counts the rates that run at its end t, start < t <= stop, or those that run at any
-- moment of it, of each drug the highest; or of each drug the one started last that ran within the last 24 hours. A
-- rate of 0 is no infusion; a missing rate is one of unknown dose, the least that its drug scores.
--
-- Rule `vasopressors`, doses in mcg/kg/min:
--   graded: dopamine > 15, epinephrine > 0.1 or norepinephrine > 0.1: 4; dopamine > 5, any epinephrine or
--     norepinephrine: 3; any dopamine or dobutamine: 2.
--   equivalents: the sum of norepinephrine + epinephrine + dopamine / 150 + phenylephrine / 10 + vasopressin
--     [units/min] / 0.4, where dopamine counts above 5 only. Sum > 0.1: 4; > 0: 3; any dopamine, dobutamine or
--     milrinone: 2.
-- Rule `vasopressin`: the released program loses vasopressin, as it spells its unit in two ways.
--
-- Makes: pressors(stay, hour, equivalent [mcg/kg/min], score), hours with a drug only.
-- Source: Vincent et al. 1996; MIMIC code repository, concept sofa; Lambden et al. 2019, doi:10.1186/s13054-019-2663-7;
-- Hofford et al. 2022.
CREATE OR REPLACE TABLE pressors AS
WITH placed AS (
  SELECT
    stay, drug, rate, start,
    hours_since(start, hour_0) AS from_hour,
    hours_since(stop, hour_0) AS to_hour, last_hour
  FROM infusions
  JOIN spans USING (patient)
  WHERE (rate > 0 OR rate IS NULL) AND stop > hour_0 - INTERVAL 49 HOURS AND start <= hour_0 + to_hours(last_hour)
),
-- First and last hour for which the rate counts.
counted AS (
  SELECT
    stay, drug, rate, start,
    greatest(-24, CASE getvariable('infusions')
      WHEN 'atHourEnd' THEN floor(from_hour) + 1
      ELSE ceil(from_hour)
    END) AS first_hour,
    least(last_hour, CASE getvariable('infusions')
      WHEN 'atHourEnd' THEN floor(to_hour)
      WHEN 'inHour' THEN ceil(to_hour)
      ELSE floor(to_hour + 24)
    END) AS final_hour
  FROM placed
),
hourly AS (
  SELECT stay, drug, rate, start, unnest(range(CAST(first_hour AS BIGINT), CAST(final_hour AS BIGINT) + 1)) AS hour
  FROM counted
  WHERE first_hour <= final_hour
),
-- One rate for each drug and hour; 0 stands for an unknown dose.
doses AS (
  SELECT
    stay, hour, drug,
    CASE getvariable('infusions')
      WHEN 'latestOf24Hours' THEN arg_max(coalesce(rate, 0), (start, coalesce(rate, 0)))
      ELSE max(coalesce(rate, 0))
    END AS rate
  FROM hourly
  GROUP BY stay, hour, drug
),
by_hour AS (
  SELECT
    stay, hour,
    max(rate) FILTER (WHERE drug = 'norepinephrine') AS norepinephrine,
    max(rate) FILTER (WHERE drug = 'epinephrine') AS epinephrine,
    max(rate) FILTER (WHERE drug = 'dopamine') AS dopamine,
    max(rate) FILTER (WHERE drug = 'dobutamine') AS dobutamine,
    max(rate) FILTER (WHERE drug = 'phenylephrine') AS phenylephrine,
    max(rate) FILTER (WHERE drug = 'vasopressin' AND getvariable('vasopressin') = 'counted') AS vasopressin,
    max(rate) FILTER (WHERE drug = 'milrinone') AS milrinone
  FROM doses
  GROUP BY stay, hour
),
summed AS (
  SELECT
    *,
    coalesce(norepinephrine, 0) + coalesce(epinephrine, 0) + if(dopamine > 5, dopamine / 150, 0)
      + coalesce(phenylephrine / 10, 0) + coalesce(vasopressin / 0.4, 0) AS equivalent
  FROM by_hour
)
SELECT
  stay, CAST(hour AS INTEGER) AS hour, equivalent,
  CASE getvariable('vasopressors')
    WHEN 'graded' THEN
      CASE
        WHEN dopamine > 15 OR epinephrine > 0.1 OR norepinephrine > 0.1 THEN 4
        WHEN dopamine > 5 OR epinephrine IS NOT NULL OR norepinephrine IS NOT NULL THEN 3
        WHEN dopamine IS NOT NULL OR dobutamine IS NOT NULL THEN 2
      END
    ELSE
      CASE
        WHEN equivalent > 0.1 THEN 4
        WHEN equivalent > 0 OR norepinephrine IS NOT NULL OR epinephrine IS NOT NULL OR phenylephrine IS NOT NULL
          OR vasopressin IS NOT NULL THEN 3
        WHEN dopamine IS NOT NULL OR dobutamine IS NOT NULL OR milrinone IS NOT NULL THEN 2
      END
  END AS score
FROM summed;
