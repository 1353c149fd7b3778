import { afterAll, beforeAll, expect, test } from 'vitest'

import { errorOf } from '../../support/error-of.ts'
import { JOBS, SELECT, type World, world } from '../../support/world.ts'

let gateway: World
beforeAll(async () => {
  gateway = await world()
})
afterAll(() => gateway.close())

async function refused(body: unknown) {
  const error = await errorOf(await gateway.post(JOBS, body, { as: 'ana' }))
  expect(gateway.upstream.requests).toEqual([])
  expect(gateway.store.ofType('request')).toEqual([])
  expect(gateway.store.calls['jobs.claim']).toBe(0)
  expect(gateway.store.ofType('refusal').at(-1)).toMatchObject({
    method: 'jobs.insert',
    principal: { subject: 'ana' },
  })
  return error
}

test.each(['load', 'extract', 'copy'])('a %s job is not offered', async (kind) => {
  const error = await refused({ configuration: { [kind]: { sourceUris: ['gs://b/o'] } } })
  expect(error).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(error.message).toContain(`Sluice does not offer ${kind} jobs`)
})

const query = { query: SELECT, useLegacySql: false }

test.each([
  [
    'a query that also loads',
    { configuration: { query, load: {} } },
    'unknown or unsupported field `configuration.load`',
  ],
  ['no configuration', {}, '`configuration`'],
  ['an empty one', { configuration: {} }, '`configuration.query`'],
  ['an unknown field', { configuration: { query }, foo: 1 }, 'field `foo`'],
  [
    'an unknown field inside',
    { configuration: { query: { ...query, foo: 1 } } },
    'field `configuration.query.foo`',
  ],
  ['another type', { configuration: { jobType: 'LOAD', query } }, 'Sluice runs query jobs only'],
  [
    'a table to write to',
    { configuration: { query: { ...query, destinationTable: { tableId: 't' } } } },
    'field `configuration.query.destinationTable`',
  ],
  [
    'a way to write',
    { configuration: { query: { ...query, writeDisposition: 'WRITE_TRUNCATE' } } },
    '`configuration.query.writeDisposition`',
  ],
  [
    'a file as a table',
    { configuration: { query: { ...query, tableDefinitions: {} } } },
    'field `configuration.query.tableDefinitions`',
  ],
  [
    'functions from elsewhere',
    { configuration: { query: { ...query, userDefinedFunctionResources: [] } } },
    'field `configuration.query.userDefinedFunctionResources`',
  ],
  [
    'a reservation',
    { configuration: { query, reservation: 'r' } },
    'field `configuration.reservation`',
  ],
  [
    'legacy SQL',
    { configuration: { query: { ...query, useLegacySql: true } } },
    '`configuration.query.useLegacySql`',
  ],
  [
    'a label of ours',
    { configuration: { query, labels: { sluice_decision: 'permit' } } },
    '`configuration.labels`: labels that start with `sluice_`',
  ],
  [
    'a job of another project',
    { configuration: { query }, jobReference: { projectId: 'lab', jobId: 'j' } },
    '`jobReference.projectId` is not the project in the path',
  ],
  [
    'a job id with a path in it',
    { configuration: { query }, jobReference: { jobId: '../x' } },
    '`jobReference.jobId`',
  ],
  [
    'an empty job id',
    { configuration: { query }, jobReference: { jobId: '' } },
    '`jobReference.jobId`',
  ],
])('%s is refused with its path', async (_what, body, words) => {
  const { code, reason, message } = await refused(body)
  expect({ code, reason }).toEqual({ code: 400, reason: 'invalid' })
  expect(message).toContain(words)
})

test('a denied query claims no job', async () => {
  const body = {
    configuration: { query: { query: 'SELECT * FROM acme.vault.keys' } },
    jobReference: { jobId: 'mine' },
  }
  expect(await refused(body)).toMatchObject({ code: 403, reason: 'accessDenied' })
  expect(await gateway.store.jobs.find('acme', 'mine')).toBeUndefined()
})
