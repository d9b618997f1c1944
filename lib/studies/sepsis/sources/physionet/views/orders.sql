-- Orders of anti-infective drugs. Some end before they begin: they were withdrawn, but somebody had ordered them.
SELECT o.patient, o.admission, o."start", o.stop, o.drug, o.route, o.kind
FROM prepared.prescriptions AS o
WHERE o."start" IS NOT NULL
