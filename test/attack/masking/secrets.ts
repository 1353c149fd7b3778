import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect } from 'vitest'
import { z } from 'zod'

import type { LabWorld } from '../../support/lab-world.ts'

const file = join(import.meta.dirname, '../../../infra/local/data/acme/hospital/patients.ndjson')
const patient = z.object({
  id: z.union([z.number(), z.string()]),
  ssn: z.string(),
  email: z.string(),
})

/** The first patients: what may not be seen of them. */
const patients = readFileSync(file, 'utf8')
  .split('\n')
  .slice(0, 5)
  .map((line) => patient.parse(JSON.parse(line)))

/** Each secret as it is, and as it looks after what SQL can do to hide it. */
const forms = patients.flatMap(({ ssn, email }) =>
  [ssn, email, ssn.replaceAll('-', '')].flatMap((secret) => [
    secret,
    secret.toUpperCase(),
    Array.from(secret).toReversed().join(''),
    Buffer.from(secret).toString('base64').replaceAll('=', ''),
    Buffer.from(secret).toString('hex'),
    Array.from(secret).join('"},{"v":"'),
  ]),
)

/** Somebody's number, to ask for. */
export const anSsn = patients[0]?.ssn ?? ''

/** Sends a statement as Ana, who sees patients masked; no secret may be in what comes back, and none is. */
export async function ask(lab: LabWorld, sql: string, more: object = {}) {
  const requests = () => lab.gateway.store.ofType('request').length
  const before = requests()
  const reply = await lab.gateway.query(sql, { as: 'ana', with: more })
  const text = await reply.text()
  const headers = JSON.stringify([...reply.headers])
  for (const secret of forms) {
    // What Ana asked with, she knew before.
    if (sql.includes(secret)) continue
    expect(text, `${sql}: ${text}`).not.toContain(secret)
    expect(headers, sql).not.toContain(secret)
  }
  return { status: reply.status, text, headers: reply.headers, sent: requests() - before }
}

/** A statement that must not run: BigQuery is not asked, and the refusal is on the record. */
export async function refused(lab: LabWorld, sql: string, more: object = {}): Promise<string> {
  const refusals = lab.gateway.store.ofType('refusal').length
  const { status, text, sent } = await ask(lab, sql, more)
  expect([400, 403, 404], `${sql}: ${text}`).toContain(status)
  expect(sent, sql).toBe(0)
  expect(lab.gateway.store.ofType('refusal')).toHaveLength(refusals + 1)
  return text
}

/** A statement that runs, with every secret masked. */
export async function masked(lab: LabWorld, sql: string, more: object = {}): Promise<string> {
  const { status, text } = await ask(lab, sql, more)
  expect(status, `${sql}: ${text}`).toBe(200)
  return text
}
