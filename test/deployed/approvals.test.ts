import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'

import { APPROVE, DENY } from '../../shared/approval-desk/slack/decision-buttons.ts'
import { type DeployedFunctions, deployFunctions } from '../support/deployed-functions.ts'
import { deployment } from '../support/deployed/deployment.ts'
import { PETRA_IN_SLACK } from '../support/deployed/function-environment.ts'

const on = await deployment()
const isMissing = 'missing' in on
if (isMissing) console.warn(`skipped, the deployed functions: ${on.missing}`)

const PATIENCE = { timeout: 20_000, interval: 50 }
const Pending = z.object({ jobReference: z.object({ jobId: z.string() }) })

describe.skipIf(isMissing)(
  'the functions as they are deployed, on emulators and with Slack',
  { timeout: 60_000 },
  () => {
    let here: DeployedFunctions
    beforeAll(async () => {
      if (!isMissing) here = await deployFunctions(on)
    }, 90_000)
    afterAll(() => here?.close())

    let asked = 0
    /** A held query of the agent's, and its job id. */
    const hold = async (): Promise<string> => {
      const sql = `SELECT id, patient_id, amount FROM acme.hospital.claims ORDER BY id LIMIT ${(asked += 1)}`
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
    const results = (jobId: string, timeoutMs = 15_000): Promise<Response> =>
      here.request(
        'gateway',
        `/bigquery/v2/projects/acme/queries/${jobId}?timeoutMs=${timeoutMs}`,
        {
          as: 'mcp-agent',
        },
      )
    /** The message about the query held last, once it is in the channel. */
    const message = (count: number) =>
      vi.waitFor(() => {
        const posted = here.slack.messages[count - 1]
        if (posted === undefined) throw new Error(`no message: ${here.output('approval-notifier')}`)
        return posted
      }, PATIENCE)
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
      const posted = await message(1)
      expect(JSON.stringify(posted.blocks)).toContain('acme.hospital.claims')
      expect(inserts()).toHaveLength(0)
      const waiting = results(jobId)
      const pressed = await here.fromSlack(
        here.slack.press(APPROVE, { user: PETRA_IN_SLACK, message: posted }),
      )
      expect(pressed.status).toBe(200)
      const rows = await waiting
      expect(rows.status).toBe(200)
      expect(await rows.json()).toMatchObject({ jobComplete: true, totalRows: '1' })
      expect(inserts()).toHaveLength(1)
      await vi.waitFor(() => expect(posted.updates).toBeGreaterThan(0), PATIENCE)
      expect(JSON.stringify(posted.blocks)).toMatch(/petra/)
      expect(JSON.stringify(posted.blocks)).not.toContain(APPROVE)
    })

    test('Deny asks for a reason, and whoever asked reads it', async () => {
      const jobId = await hold()
      const posted = await message(2)
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
      await message(3)
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
      const posted = await message(4)
      await here.fromSlack(here.slack.press(APPROVE, { user: PETRA_IN_SLACK, message: posted }))
      expect(await (await results(jobId, 1_000)).json()).toMatchObject({ jobComplete: false })
      await here.start('approval-resolver')
      expect(await (await results(jobId)).json()).toMatchObject({ jobComplete: true })
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
      expect((await swept(await here.googleToken(here.urlOf('sweeper')))).status).toBe(204)
    })
  },
)
