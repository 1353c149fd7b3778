import { describe, expect, test } from 'vitest'

import { recordPages } from '../../../shared/console/pages/record-pages.ts'
import { consolePages } from '../../support/console-page.ts'
import { aTable, someTables } from '../../support/console-tables.ts'

const TABLE = 'acme.hospital.patients'
const API = `GET /v1/tables/${TABLE}`

describe('the list of tables', () => {
  test('shows how often each was asked about, by how many, and how much of it is masked', async () => {
    const { page } = consolePages(recordPages, { 'GET /v1/tables': someTables() })
    const { html } = await page('/tables')
    expect(html).toContain(`href="/console/tables/${TABLE}"`)
    expect(html).toContain('217 calls of the last 30 days')
  })

  test('says that there are none', async () => {
    const { page } = consolePages(recordPages, {
      'GET /v1/tables': { tables: [], counted: { calls: 0, isAll: true } },
    })
    expect((await page('/tables')).html).toContain('Nobody has asked about a table yet.')
  })
})

describe('a table', () => {
  test('shows masks in force, tags and where they came from, and leads into the search', async () => {
    const { page } = consolePages(recordPages, { [API]: aTable() })
    const { html } = await page(`/tables/${TABLE}`)
    for (const words of ['LAST_FOUR_CHARACTERS', 'pii', 'policy, data.hospital', 'derived from'])
      expect(html).toContain(words)
    expect(html).toContain(`/console/search?column=${TABLE}.ssn`)
    expect(html).toContain(`/console/search?filterColumn=${TABLE}.id`)
    expect(html).not.toContain(`/console/search?filterColumn=${TABLE}.ssn`)
  })

  test('leads to a column by its whole name where the API has but its last part', async () => {
    const columns = [{ column: 'ssn', type: 'STRING', tags: [], read: 3, filteredOn: 0 }]
    const { page } = consolePages(recordPages, { [API]: aTable({ columns }) })
    expect((await page(`/tables/${TABLE}`)).html).toContain(`search?column=${TABLE}.ssn`)
  })

  test('shows who touched it, through what, and who approved', async () => {
    const { page } = consolePages(recordPages, { [API]: aTable() })
    const { html } = await page(`/tables/${TABLE}`)
    for (const words of ['ana@acme.example', 'claude-desktop', 'petra@acme.example'])
      expect(html).toContain(words)
    expect(html).toContain(
      `search?table=${TABLE}&amp;principal=https%3A%2F%2Flogin.acme.example+ana`,
    )
  })

  test('that BigQuery does not know says so, and shows what the record has', async () => {
    const { page } = consolePages(recordPages, {
      [API]: aTable({ columns: undefined, principals: [], calls: [] }),
    })
    const { html } = await page(`/tables/${TABLE}`)
    expect(html).toContain('BigQuery does not say which columns it has.')
    expect(html).toContain('Nobody, as far as the record goes.')
  })
})
