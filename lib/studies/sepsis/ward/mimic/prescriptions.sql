-- Orders.
SELECT
  patient AS subject_id, admission AS hadm_id, row_number() OVER (ORDER BY patient, start, drug, route) AS pharmacy_id,
  start AS starttime, stop AS stoptime, kind AS drug_type, drug, route
FROM orders
ORDER BY subject_id, starttime, drug
