import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterAll, onTestFinished } from 'vitest'

import {
  type LocalBigQueryOptions,
  startLocalBigQuery,
} from '../../infra/local/bigquery/start-local-bigquery.ts'

/** What the API answered. */
export interface Answer {
  readonly status: number
  // Tests look into whatever came.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any
}

/** A running local BigQuery, and ways to talk to it. */
export interface LocalBigQueryWorld {
  readonly url: string
  readonly close: () => Promise<void>
  /** Calls a method below `/bigquery/v2/projects/acme`. */
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>
  readonly post: (path: string, body?: unknown) => Promise<Answer>
  /** `jobs.query`; `more` goes into the request. */
  readonly query: (sql: string, more?: object) => Promise<Answer>
  /** The rows of a query as plain values; throws when it fails. */
  readonly rows: (sql: string, more?: object) => Promise<readonly (readonly unknown[])[]>
  /** `jobs.insert`; `reference` and `configuration` go into the request. */
  readonly insert: (sql: string, reference?: object, configuration?: object) => Promise<Answer>
}

/** The small folder most tests use: three people, a view, a function, a table function. */
export const SMALL = {
  'acme/crm/people.schema.json': JSON.stringify([
    { name: 'id', type: 'INTEGER', mode: 'REQUIRED', description: 'who' },
    { name: 'name', type: 'STRING' },
    { name: 'born', type: 'DATE' },
    {
      name: 'address',
      type: 'RECORD',
      fields: [
        { name: 'street', type: 'STRING' },
        { name: 'city', type: 'STRING' },
      ],
    },
    { name: 'tags', type: 'STRING', mode: 'REPEATED' },
  ]),
  'acme/crm/people.ndjson': `
{"id":1,"name":"Ann","born":"1990-01-02","address":{"street":"Main","city":"Rome"},"tags":["a","b"]}
{"id":"2","name":"Bob","address":null}
{"id":3,"name":null,"born":"1960-12-31","address":{"city":"Kyiv"},"tags":[]}
`,
  'acme/crm/adults.view.sql': 'SELECT id, name FROM acme.crm.people WHERE id > 1 -- not Ann',
  'acme/crm/adult_ids.view.sql': 'SELECT id FROM acme.crm.adults;',
  'acme/crm/initial.routine.sql':
    'CREATE FUNCTION acme.crm.initial(name STRING) RETURNS STRING AS (SUBSTR(name, 1, 1));',
  'acme/crm/after.routine.sql':
    'CREATE TABLE FUNCTION acme.crm.after(low INT64) AS SELECT id, acme.crm.initial(name) AS initial FROM acme.crm.adults WHERE id > low',
  'acme/hr/pay.schema.json':
    '{"fields":[{"name":"id","type":"INT64"},{"name":"gross","type":"NUMERIC"}]}',
}

/** Writes a data folder that is gone after the test or file. */
export function dataFolder(files: Readonly<Record<string, string>>, ofFile = false): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-data-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  if (ofFile) afterAll(remove)
  else onTestFinished(remove)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

/** Starts one over `SMALL` or another folder; call it at the top of a file, it ends with it. */
export async function localBigQuery(
  options: Partial<LocalBigQueryOptions> = {},
): Promise<LocalBigQueryWorld> {
  const data = options.data ?? dataFolder(SMALL, true)
  const { url, close } = await startLocalBigQuery({ ...options, data })
  afterAll(close)
  const call = async (method: string, path: string, body?: unknown, headers = {}) => {
    const response = await fetch(`${url}/bigquery/v2/projects/acme${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const query = (sql: string, more: object = {}): Promise<Answer> =>
    call('POST', '/queries', { query: sql, useLegacySql: false, ...more })
  return {
    url,
    close,
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body) => call('POST', path, body),
    query,
    rows: async (sql, more) => {
      const { status, body } = await query(sql, more)
      if (status !== 200) throw new Error(body.error.message)
      return (body.rows ?? []).map((row: { f: { v: unknown }[] }) => row.f.map(({ v }) => v))
    },
    insert: (sql, jobReference = {}, configuration = {}) =>
      call('POST', '/jobs', {
        jobReference,
        configuration: { query: { query: sql, useLegacySql: false }, ...configuration },
      }),
  }
}

/** A query that takes longer than any test, unless it is ended. */
export const ENDLESS =
  'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 16000)) a, UNNEST(GENERATE_ARRAY(1, 16000)) b'
