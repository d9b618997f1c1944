-- Names of the items of infusions.
SELECT item AS itemid, drug AS label, drug AS abbreviation, 'inputevents' AS linksto, 'Medications' AS category
FROM (SELECT * FROM pressor_items UNION ALL SELECT * FROM dose_items)
ORDER BY itemid
