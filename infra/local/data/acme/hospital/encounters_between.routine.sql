-- The encounters that began on these days or between them.
CREATE TABLE FUNCTION acme.hospital.encounters_between(first_day DATE, last_day DATE) AS
SELECT id, patient_id, kind, admitted_at, discharged_at
FROM acme.hospital.encounters
WHERE DATE(admitted_at) BETWEEN first_day AND last_day;
