import { join } from 'node:path'

import { labWorld } from './lab-world.ts'
import { GATEWAY, ISSUER } from './people.ts'
import type { WorldOptions } from './world.ts'

/**
 * The gateway in front of the sample hospital, under a policy with masks: analysts see patients masked,
 * auditors see them as they are, and etl may write.
 */
export const hospitalWorld = (
  policy: string = HOSPITAL_POLICY,
  options: Pick<WorldOptions, 'portsVia'> = {},
) => labWorld({}, { data: join(import.meta.dirname, '../../infra/local/data'), policy, ...options })

export const HOSPITAL_POLICY = `version: 1
issuers:
  - issuer: ${ISSUER}
    audiences: [${GATEWAY}]
connections:
  - id: main
    projects: [acme]
    location: US
    credential: none
data:
  - tables: acme.hospital.patients
    columns: ssn
    tags: [phi]
    mask: LAST_FOUR_CHARACTERS
  - tables: acme.hospital.patients
    columns: email
    tags: [contact]
    mask: EMAIL_MASK
  - tables: acme.hospital.patients
    columns: [phone, address]
    tags: [contact]
    mask: DEFAULT_MASKING_VALUE
  - tables: acme.hospital.patients
    columns: birth_date
    tags: [phi]
    mask: DATE_YEAR_MASK
  - tables: acme.hospital.patients
    columns: notes
    tags: [phi]
    mask: { detect: [US_SOCIAL_SECURITY_NUMBER, PHONE_NUMBER, EMAIL_ADDRESS, DATE_OF_BIRTH] }
rules:
  - id: analysts-read
    description: Analysts read the hospital, masked.
    effect: permit
    when: >-
      "analysts" in principal.groups && query.statementType == "SELECT" &&
      query.tables.all(t, t.glob("acme.hospital.*"))
  - id: auditors-read
    description: Auditors read the hospital as it is.
    effect: permit
    when: >-
      "auditors" in principal.groups && query.statementType == "SELECT" &&
      query.tables.all(t, t.glob("acme.hospital.*"))
    unmask: [phi, contact]
  - id: etl-writes
    description: The nightly job fills the hospital.
    effect: permit
    when: '"etl" in principal.groups && query.tables.all(t, t.glob("acme.hospital.*"))'
`
