import { performance } from 'node:perf_hooks'

import { fileCatalog } from '../../shared/adapters/files/file-catalog.ts'
import { googleSqlAnalyzer } from '../../shared/adapters/googlesql/analyzer.ts'
import { parseDatasetId, parseProjectId } from '../../shared/bigquery/reference.ts'
import type { SqlField } from '../../shared/bigquery/sql-type.ts'
import { planRow } from '../../shared/masking/mask-plan.ts'
import { scanReply } from '../../shared/masking/reply-scanner.ts'
import { spliceRows } from '../../shared/masking/splice-rows.ts'
import type { OutputMask } from '../../shared/policy/mask.ts'
import { queryResponse } from '../support/stub-replies.ts'
import { median, quantile } from './statistics.ts'

/** One part of a governed query, by itself. */
export interface PartRow {
  readonly what: string
  readonly p50Ms: number
  readonly p99Ms: number
  /** How many times as long the plain way takes; undefined without one. */
  readonly faster: number | undefined
}

const COLUMNS: readonly SqlField[] = [
  { name: 'id', type: { kind: 'INT64' } },
  { name: 'text', type: { kind: 'STRING' } },
]
const MASKS: readonly OutputMask[] = [
  {
    path: [1],
    name: 'text',
    mask: { kind: 'expression', expression: 'LAST_FOUR_CHARACTERS' },
    columns: [],
  },
]
const CONTEXT = {
  timestamps: 'number',
  tokenKey: Buffer.alloc(32),
  redact: (text: string) => text,
} as const

/** Masks a reply in its bytes, and by parsing it; analyses statements that are new, and that are known. */
export async function measureParts(
  folder: string,
  say: (progress: string) => void,
): Promise<readonly PartRow[]> {
  say('parts: masking')
  const masking = [
    ['1 kB', 1_024, 2_000],
    ['5 MB', 5_000_000, 20],
  ] as const
  const rows = masking.map(([name, bytes, times]): PartRow => {
    const body = queryResponse({ bytes })
    const plain = repeated(times, () => byParsing(Buffer.from(body)))
    const spliced = repeated(times, () => inBytes(Buffer.from(body)))
    const faster = median(plain) / median(spliced)
    return { ...summary(`mask a reply of ${name}`, spliced), faster }
  })
  say('parts: analysis')
  return [...rows, ...(await analyses(folder))]
}

function inBytes(body: Buffer): void {
  const scanned = scanReply(body)
  const plans = planRow(COLUMNS, MASKS, CONTEXT)
  const bytes = scanned.ok ? scanned.value.members.get('rows') : undefined
  if (bytes === undefined || plans === undefined || !spliceRows(bytes, plans).ok)
    throw new Error('not masked')
}

function byParsing(body: Buffer): void {
  const reply = JSON.parse(body.toString('utf8'))
  for (const { f } of reply.rows) {
    const text: string | null = f[1].v
    f[1].v = text === null ? null : `XXXXX${Array.from(text).slice(-4).join('')}`
  }
  Buffer.from(JSON.stringify(reply))
}

async function analyses(folder: string): Promise<readonly PartRow[]> {
  const { analyze, close } = googleSqlAnalyzer()
  const [projectId, datasetId] = [parseProjectId('acme'), parseDatasetId('hospital')]
  if (projectId === undefined || datasetId === undefined) throw new Error('no ids')
  const defaults = { projectId, defaultDataset: { projectId, datasetId } }
  const schemas = { catalog: fileCatalog(folder), parameters: [], parameterMode: undefined }
  const ask = async (n: number): Promise<number> => {
    const sql = `SELECT p.ssn, e.kind, COUNT(*) AS n FROM patients p JOIN encounters e ON e.patient_id = p.id WHERE p.id > ${n} GROUP BY 1, 2`
    const began = performance.now()
    const analysis = await analyze(sql, defaults, schemas)
    if (!analysis.ok) throw new Error(analysis.error.problem)
    return performance.now() - began
  }
  try {
    const fresh: number[] = []
    const known: number[] = []
    // oxlint-disable-next-line no-await-in-loop -- one after the other: it is latency that counts
    for (let n = 0; n < 400; n++) fresh.push(await ask(n))
    // oxlint-disable-next-line no-await-in-loop
    for (let n = 0; n < 2_000; n++) known.push(await ask(399))
    return [
      { ...summary('analyse a new statement', fresh.slice(50)), faster: undefined },
      { ...summary('analyse a statement again', known.slice(50)), faster: undefined },
    ]
  } finally {
    close()
  }
}

function repeated(times: number, work: () => void): readonly number[] {
  const all: number[] = []
  for (let i = 0; i < times + Math.ceil(times / 10); i++) {
    const began = performance.now()
    work()
    all.push(performance.now() - began)
  }
  return all.slice(-times)
}

function summary(what: string, all: readonly number[]) {
  return { what, p50Ms: median(all), p99Ms: quantile(all, 0.99) }
}
