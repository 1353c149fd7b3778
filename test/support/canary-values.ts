import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { z } from 'zod'

const unique = (): string => randomBytes(6).toString('hex')

/** What somebody says of a patient, wherever a caller can put it. */
export const said = {
  ssn: `900-55-${unique()}`,
  /** With what JSON, HTML and addresses spell otherwise. */
  name: `Zoë "Zee" O'Canary ${unique()}`,
  note: `canary-note-${unique()}`,
  comment: `canary-comment-${unique()}`,
  /** In the SQL that people have to approve. */
  toApprove: `canary-status-${unique()}`,
  label: `canary-label-${unique()}`,
  userAgent: `canary-agent-${unique()}`,
  justification: `canary-why-${unique()}`,
  baggage: `canary-baggage-${unique()}`,
  search: `canary-search-${unique()}`,
} as const

const Patient = z.object({
  name: z.string(),
  ssn: z.string(),
  email: z.string(),
  notes: z.string(),
})

/** A row of the local BigQuery's. */
export const patient = Patient.parse(
  JSON.parse(
    readFileSync(
      join(import.meta.dirname, '../../infra/local/data/acme/hospital/patients.ndjson'),
      'utf8',
    ).split('\n')[0] ?? '',
  ),
)
