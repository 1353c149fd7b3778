import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { afterEach, expect, test } from 'vitest'

import { type RunningFunction, runFunction } from '../../support/running-function.ts'

let running: RunningFunction
afterEach(() => running.stop())

test.each([
  ['SIGTERM', 0, true],
  ['SIGKILL', 'SIGKILL', false],
] as const)(
  'after %s the record shows whether this writer was done',
  async (signal, how, isDone) => {
    running = await runFunction()
    await running.ready()
    const reply = await running.request('/bigquery/v2/projects/acme/queries', {
      as: 'ana',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'SELECT name FROM acme.hospital.patients',
        useLegacySql: false,
      }),
    })
    expect(reply.status).toBe(200)
    expect(await running.end(signal), running.output()).toBe(how)
    const database = new DatabaseSync(join(running.folder, 'record.sqlite'))
    const ids = database.prepare('SELECT id FROM entries ORDER BY committed DESC').all()
    database.close()
    const closed = ids.map(({ id }) => String(id)).filter((id) => /^writer~\w+~closed$/.test(id))
    expect(closed).toEqual(isDone ? [ids[0]?.['id']] : [])
  },
)
