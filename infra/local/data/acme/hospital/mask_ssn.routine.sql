-- The last four digits of a social security number.
CREATE FUNCTION acme.hospital.mask_ssn(ssn STRING) RETURNS STRING AS (
  CONCAT('XXX-XX-', SUBSTR(ssn, -4))
);
