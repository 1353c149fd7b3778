import { describe, expect, test } from 'vitest'

import { recordPages } from '../../../shared/console/pages/record-pages.ts'
import { CALL } from '../../support/console-entries.ts'
import { aCall, aSummary } from '../../support/console-fixtures.ts'
import { consolePages } from '../../support/console-page.ts'

async function shown(call: object): Promise<string> {
  const { page } = consolePages(recordPages, { [`GET /v1/calls/${CALL}`]: call })
  const { html, status } = await page(`/calls/${CALL}`)
  expect(status).toBe(200)
  return html
}

const textOf = (html: string): string => html.replaceAll(/<[^>]*>/g, '')

describe('a call', () => {
  test('shows what was asked, why, and with which parameters', async () => {
    const text = textOf(await shown(aCall()))
    expect(text).toContain('p.birth_date &lt; DATE &#x27;1950-01-01&#x27;')
    expect(text).toContain('ticket AUD-311')
    expect(text).toContain('1950-01-01')
  })

  test('shows columns read, those that decide, masks, and where masked outputs come from', async () => {
    const html = await shown(aCall())
    const row = (column: string) =>
      html.split('<tr').find((one) => one.includes(`column=acme.hospital.${column}"`))
    expect(row('patients.birth_date')).toContain('filtered, joined or grouped on')
    expect(row('patients.ssn')).toContain('LAST_FOUR_CHARACTERS')
    expect(row('patients.id')).not.toContain('LAST_FOUR')
    const lineage = html.slice(html.indexOf('class="lineage"'), html.indexOf('id="columns"'))
    expect(textOf(lineage)).toMatch(/patients\.email.*patients\.phone.*EMAIL_MASK.*contact/s)
  })

  test('shows the rules that matched in their words, and says where those are not known', async () => {
    const text = textOf(await shown(aCall()))
    expect(text).toContain('may: [read]')
    expect(text).toContain('Its wording is not on the record.')
  })

  test('shows rows as they left, and of those that are not kept their digest', async () => {
    const html = await shown(aCall())
    expect(html).toContain('XXX-XX-4821')
    expect(html).toContain('<span class="null">NULL</span>')
    expect(html).toContain('The rows are not on the record')
    expect(html).toContain('56'.repeat(32))
  })

  test('shows each entry with hash, writer, number and whether it holds', async () => {
    const html = await shown(aCall())
    expect(html).toContain('does not verify: the signature does not hold')
    expect(html).toContain('not sealed yet')
    expect(html).toContain('ab'.repeat(32))
    expect(textOf(html)).toMatch(/Writergw-7f3k.*Its number41/s)
    expect(html).toContain(`href="/log/proof/${CALL}~request"`)
  })

  test('links to BigQuery’s page of the job, to replays, and to others like it', async () => {
    const html = await shown(aCall())
    expect(html).toContain('href="https://console.cloud.google.com/bigquery?project=acme&amp;j=bq')
    expect(html).toContain('/console/calls/01k9zreplay0000000000000aa')
    expect(html).toContain('/console/search?fingerprint=5f2c7e1a9b3d4f60')
  })

  test('never links to an address that is not ours or Google’s', async () => {
    const html = await shown(
      aCall({
        jobUrl: 'javascript:alert(1)',
        receipts: [{ entry: `${CALL}~request`, proofUrl: 'javascript:alert(2)' }],
      }),
    )
    expect(html).not.toMatch(/href="javascript:/)
  })

  test('offers a replay with the secret of the reader', async () => {
    const form = /<form[^>]*action="\/console\/replays".*?<\/form>/s.exec(await shown(aCall()))?.[0]
    expect(form).toContain('name="csrf" value="csrf-of-petra"')
    expect(form).toContain(`name="call" value="${CALL}"`)
  })

  test('offers none to whoever the API would refuse it', async () => {
    const api = { [`GET /v1/calls/${CALL}`]: aCall() }
    const { page } = consolePages(recordPages, api, { roles: ['requester'] })
    expect((await page(`/calls/${CALL}`)).html).not.toContain('action="/console/replays"')
  })

  test.each([
    ['not-for-you', 'Values are left out'],
    ['erased', 'Values were erased'],
    ['none', 'keeps nothing of it that holds values'],
  ] as const)('whose values are %s shows its SQL without them, and why', async (state, why) => {
    const html = await shown(aCall({ private: { state }, deliveries: [] }))
    expect(html).toContain(why)
    expect(textOf(html)).toContain('birth_date &lt; DATE ?')
    expect(html).not.toContain('1950-01-01')
    expect(html).not.toContain('AUD-311')
  })

  test('that was denied says that nothing left, and by which reason', async () => {
    const summary = aSummary({ decision: 'deny', problem: 'denied', reason: 'no-rule', rules: [] })
    const html = await shown(
      aCall({ summary, matchedRules: [], deliveries: [], lineage: [], replays: [] }),
    )
    for (const words of ['Nothing left.', 'no-rule', 'No rule matched', 'No output was masked.'])
      expect(html).toContain(words)
  })

  test('of nobody who is known is shown as well', async () => {
    const summary = aSummary({ principal: undefined, session: undefined, decision: 'refused' })
    const html = await shown(aCall({ summary }))
    expect(html).toContain('nobody who is known')
    expect(html).not.toContain('action="/console/replays"')
  })

  test('that there is not is a page that says so', async () => {
    const { page } = consolePages(recordPages, {})
    expect((await page('/calls/x')).status).toBe(404)
  })
})
