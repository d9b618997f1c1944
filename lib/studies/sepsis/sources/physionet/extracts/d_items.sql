-- Items of infusions and injections whose label is that of an anti-infective drug.
SELECT itemid AS item, label AS name
FROM source
WHERE linksto = 'inputevents' AND regexp_matches(lower(label), getvariable('anti_infectives'))
