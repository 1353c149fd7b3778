import type { CallView } from '../../shared/console/views/call-view.ts'

/** Id of the sample call. */
export const CALL = '01k9zq3m7c5t8v2n4p6r8w0x1y'

/** The request, a page and the outcome of the sample call: one sealed, one not, one that does not verify. */
export function entries(): CallView['entries'] {
  return [
    {
      id: `${CALL}~request`,
      type: 'request',
      at: '2026-11-20T09:12:31.204Z',
      committedAt: '2026-11-20T09:12:31.209Z',
      summary:
        'ana asks jobs.query SELECT acme.hospital.patients: permitted by analysts-read-hospital',
      hash: 'ab'.repeat(32),
      writer: 'gw-7f3k',
      number: 41,
      verification: { state: 'sealed', leaf: 90_211, treeSize: 90_400 },
      entry: { v: 1, type: 'request', call: CALL, method: 'jobs.query' },
    },
    {
      id: `${CALL}~page~2`,
      type: 'page',
      at: '2026-11-20T09:12:33.000Z',
      committedAt: '2026-11-20T09:12:33.004Z',
      summary: 'ana got 20 more rows, 2048 bytes',
      hash: 'cd'.repeat(32),
      writer: 'gw-7f3k',
      number: 44,
      verification: { state: 'unsealed' },
      entry: { v: 1, type: 'page', call: CALL },
    },
    {
      id: `${CALL}~outcome`,
      type: 'outcome',
      at: '2026-11-20T09:12:32.488Z',
      committedAt: '2026-11-20T09:12:32.490Z',
      summary: 'released: 30 of 50 rows, 4096 bytes after 1284 ms',
      hash: 'ef'.repeat(32),
      writer: 'gw-7f3k',
      number: 43,
      verification: { state: 'failed', problem: 'the signature does not hold', leaf: 90_213 },
      entry: { v: 1, type: 'outcome', call: CALL, outcome: 'released' },
    },
  ]
}

/** What left of the sample call: a first page as kept and masked, and a second of which rows are not kept. */
export function deliveries(): CallView['deliveries'] {
  return [
    {
      entry: `${CALL}~outcome`,
      at: '2026-11-20T09:12:32.488Z',
      status: 200,
      rows: 30,
      totalRows: '50',
      bytes: 4_096,
      digest: '12'.repeat(32),
      rowsDigest: '34'.repeat(32),
      cacheHit: false,
      schema: [
        { name: 'id', type: 'INTEGER', mode: 'REQUIRED' },
        { name: 'ssn', type: 'STRING', mode: 'NULLABLE' },
        { name: 'contact', type: 'STRING', mode: 'NULLABLE' },
        { name: 'encounters', type: 'INTEGER' },
      ],
      body: 'masked',
      shown: [
        ['17', 'XXX-XX-4821', 'XXXXX@acme.example', '12'],
        ['204', 'XXX-XX-0093', null, '9'],
      ],
      shownState: 'shown',
    },
    {
      entry: `${CALL}~page~2`,
      at: '2026-11-20T09:12:33.000Z',
      method: 'jobs.getQueryResults',
      status: 200,
      rows: 20,
      totalRows: '50',
      bytes: 2_048,
      digest: '56'.repeat(32),
      body: 'digest',
      shownState: 'not-kept',
    },
  ]
}
