-- Patients as researchers see them: nobody can be told from the next.
SELECT
  id,
  EXTRACT(YEAR FROM birth_date) AS birth_year,
  address.state AS state,
  SUBSTR(address.zip, 1, 3) AS zip3
FROM acme.hospital.patients
