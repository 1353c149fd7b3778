import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { APPROVE, DENY } from '../../shared/approval-desk/slack/decision-buttons.ts'
import { type DeployedFunctions, deployFunctions } from '../support/deployed-functions.ts'
import { deployment } from '../support/deployed/deployment.ts'
import { PETRA_IN_SLACK } from '../support/deployed/function-environment.ts'
import { verifiedExport } from '../support/deployed/verified-export.ts'

const on = await deployment()
const isMissing = 'missing' in on
if (isMissing) console.warn(`skipped, the deployed functions: ${on.missing}`)

const PATIENCE = { timeout: 60_000, interval: 100 }
const Pending = z.object({ jobReference: z.object({ jobId: z.string() }) })
const FUNCTIONS = [
  'gateway',
  'approval-notifier',
  'approval-resolver',
  'slack',
  'sweeper',
  'console',
  'log-publisher',
] as const

/** The example, in which what the agent wants of staff is to be decided within seconds. */
const withShortWait = (policy: string): string =>
  policy.replace('\napprovals:\n', AT_ONCE).replace('\nrules:\n', STAFF_AT_ONCE)
const AT_ONCE = `
approvals:
  - id: at-once
    description: Somebody decides before anybody has got up.
    approvers: { anyOf: [{ group: privacy-office, votes: 1 }] }
    wait: 2s
`
const STAFF_AT_ONCE = `
rules:
  - id: agent-asks-for-staff
    description: What the agent wants of staff is decided at once.
    effect: require-approval
    approval: at-once
    when: >-
      principal.sub == "mcp-agent" && query.statementType == "SELECT" &&
      query.tables.size() > 0 && query.tables.all(t, t == "acme.hospital.staff")
`

describe.skipIf(isMissing)(
  'the functions as they are deployed, on emulators and with Slack',
  { timeout: 180_000 },
  () => {
    let here: DeployedFunctions
    beforeAll(async () => {
      if (!isMissing) here = await deployFunctions(on, FUNCTIONS, { policy: withShortWait })
    }, 90_000)
    afterAll(() => here?.close())

    let asked = 0
    /** Claims with the social security numbers of patients, as nobody asked for them before. */
    const claims = () =>
      `SELECT c.id, p.ssn FROM acme.hospital.claims AS c JOIN acme.hospital.patients AS p
       ON p.id = c.patient_id ORDER BY c.id LIMIT ${(asked += 1)}`
    /** A held query of the agent's: its job id. */
    const hold = async (sql = claims()): Promise<string> => {
      const reply = await here.request('gateway', '/bigquery/v2/projects/acme/queries', {
        as: 'mcp-agent',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: sql, useLegacySql: false, timeoutMs: 0 }),
      })
      const text = await reply.text()
      if (!text.startsWith('{'))
        throw new Error(`${reply.status} ${text} ${here.output('gateway')}`)
      return Pending.parse(JSON.parse(text)).jobReference.jobId
    }
    /** The rows of a held query, or why there are none. */
    const look = (jobId: string, timeoutMs: number): Promise<Response> =>
      here.request(
        'gateway',
        `/bigquery/v2/projects/acme/queries/${jobId}?timeoutMs=${timeoutMs}`,
        { as: 'mcp-agent' },
      )
    /** Likewise, once there are, as a client asks that does not give up. */
    const results = async (jobId: string): Promise<Response> => {
      for (let tries = 1; ; tries += 1) {
        // oxlint-disable-next-line no-await-in-loop -- one look after another
        const reply = await look(jobId, 15_000)
        // oxlint-disable-next-line no-await-in-loop
        if (tries === 8 || !(await reply.clone().text()).includes('"jobComplete":false'))
          return reply
      }
    }
    /** The message about a held query, once it is in the channel. */
    const message = (jobId: string) =>
      vi.waitFor(() => {
        const id = jobId.replace('sluice_', '')
        const posted = here.slack.messages.find(({ blocks }) => JSON.stringify(blocks).includes(id))
        if (posted === undefined) throw new Error(`no message: ${here.output('approval-notifier')}`)
        return posted
      }, PATIENCE)
    /** What the record says of a held query, entry by entry. */
    const story = async (jobId: string): Promise<readonly string[]> =>
      (await here.record.read())
        .filter(({ entry }) => entry.call === jobId.replace('sluice_', ''))
        .map(({ entry }) => {
          if (entry.type === 'approval') return entry.event.type
          return entry.type === 'outcome' ? entry.outcome : entry.type
        })
    /** Jobs that BigQuery was asked to run. */
    const inserts = () =>
      here.upstream.filter(
        ({ method, path, body }) =>
          method === 'POST' &&
          /\/jobs(\?|$)/.test(path) &&
          !JSON.stringify(body).includes('"dryRun":true'),
      )

    test('a query is held, somebody presses Approve in Slack, it runs, and the message says so', async () => {
      const jobId = await hold()
      const posted = await message(jobId)
      expect(JSON.stringify(posted.blocks)).toContain('acme.hospital.claims')
      expect(inserts()).toHaveLength(0)
      const waiting = results(jobId)
      const pressed = await here.fromSlack(
        here.slack.press(APPROVE, { user: PETRA_IN_SLACK, message: posted }),
      )
      expect(pressed.status).toBe(200)
      const rows = await waiting
      expect(rows.status).toBe(200)
      expect(await rows.json()).toMatchObject({
        jobComplete: true,
        totalRows: '1',
        rows: [{ f: [{ v: '10' }, { v: expect.stringMatching(/^X+\d{4}$/) }] }],
      })
      expect(inserts()).toHaveLength(1)
      await vi.waitFor(() => expect(posted.updates).toBeGreaterThan(0), PATIENCE)
      expect(JSON.stringify(posted.blocks)).toMatch(/petra/)
      expect(JSON.stringify(posted.blocks)).not.toContain(APPROVE)
    })

    test('Deny asks for a reason, and whoever asked reads it', async () => {
      const jobId = await hold()
      const posted = await message(jobId)
      const waiting = results(jobId)
      await here.fromSlack(here.slack.press(DENY, { user: PETRA_IN_SLACK, message: posted }))
      await vi.waitFor(() => expect(here.slack.views).toHaveLength(1), PATIENCE)
      const submitted = await here.fromSlack(
        here.slack.submit(
          { sluice_reason: { sluice_reason_text: 'ask for totals instead' } },
          { user: PETRA_IN_SLACK },
        ),
      )
      expect(submitted.status).toBe(200)
      const refused = await waiting
      expect(refused.status).toBe(403)
      expect(await refused.text()).toContain('ask for totals instead')
      expect(inserts()).toHaveLength(1)
    })

    test('a vote by the command line takes the same road', async () => {
      const jobId = await hold()
      await message(jobId)
      const id = jobId.replace('sluice_', '')
      const shown = await here.request('gateway', `/v1/approvals/${id}`, { as: 'paul' })
      const { digest } = z.object({ digest: z.string() }).parse(await shown.json())
      const voted = await here.request('gateway', `/v1/approvals/${id}/votes`, {
        as: 'paul',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ verdict: 'approve', digest }),
      })
      expect([200, 202]).toContain(voted.status)
      expect(await (await results(jobId)).json()).toMatchObject({ jobComplete: true })
    })

    test('what was approved while the resolver was away runs once it is back', async () => {
      await here.stop('approval-resolver')
      const jobId = await hold()
      const posted = await message(jobId)
      await here.fromSlack(here.slack.press(APPROVE, { user: PETRA_IN_SLACK, message: posted }))
      expect(await (await look(jobId, 1_000)).json()).toMatchObject({ jobComplete: false })
      await here.start('approval-resolver')
      expect(await (await results(jobId)).json()).toMatchObject({ jobComplete: true })
    })

    test('what nobody decides expires: the sweeper puts that on the record, and whoever asked reads it', async () => {
      const ran = inserts().length
      const jobId = await hold('SELECT id FROM acme.hospital.staff ORDER BY id LIMIT 3')
      await vi.waitFor(async () => {
        const swept = await here.scheduled('sweeper', '/sweep')
        expect(swept.status, here.output('sweeper')).toBe(204)
        expect(await story(jobId)).toEqual(['request', 'asked', 'expired', 'not-run'])
      }, PATIENCE)
      const refused = await results(jobId)
      expect(refused.status).toBe(403)
      expect(await refused.text()).toContain('nobody who may approve this query decided by')
      expect(inserts()).toHaveLength(ran)
    })

    test('nobody but Google reaches resolver, notifier and sweeper', async () => {
      for (const name of ['approval-resolver', 'approval-notifier'] as const) {
        const forged = await here.request(name, '/', { method: 'POST', body: '{}' })
        expect(forged.status).toBe(401)
      }
      expect((await here.request('sweeper', '/sweep', { method: 'POST' })).status).toBe(401)
      const other = await here.googleToken(here.urlOf('gateway'))
      const swept = (token: string) =>
        here.request('sweeper', '/sweep', {
          method: 'POST',
          headers: { authorization: `Bearer ${token}` },
        })
      expect((await swept(other)).status).toBe(401)
      const believed = await swept(await here.googleToken(here.urlOf('sweeper')))
      expect(believed.status, here.output('sweeper')).toBe(204)
    })

    test('the record of all that is sealed, exported and verified, and says what was approved, denied and expired', async () => {
      const { code, said, text } = await verifiedExport(here)
      expect(code, said).toBe(0)
      for (const event of ['approved', 'denied', 'expired', 'started'])
        expect(text).toContain(event)
    })
  },
)
