import { expect, test } from 'vitest'

import { exportedTree } from '../../../../shared/recording/export/exported-tree.ts'
import { ocsfLines } from '../../../../shared/recording/export/ocsf-lines.ts'
import { type ExportWorld, exportWorld } from '../../../support/export-world.ts'
import { sampleSession } from '../../../support/sample-entries.ts'

type Event = Readonly<Record<string, unknown>>

/**
 * What OCSF 1.8.0 requires of Datastore Activity (class 6005): https://schema.ocsf.io/1.8.0/classes/datastore_activity,
 * from events/base_event.json, events/application/datastore_activity.json and the objects named here of
 * https://github.com/ocsf/ocsf-schema at its tag 1.8.0.
 */
const REQUIRED = {
  event: [
    'activity_id',
    'actor',
    'category_uid',
    'class_uid',
    'metadata',
    'severity_id',
    'src_endpoint',
    'time',
    'type_uid',
  ],
  metadata: ['product', 'version'],
  database: ['type_id'],
  query_info: ['query_string'],
}

/** Its constraints `at_least_one`. */
const ONE_OF = {
  event: ['database', 'databucket', 'table'],
  actor: ['process', 'user', 'invoked_by', 'session', 'app_name', 'app_uid'],
  src_endpoint: ['ip', 'uid', 'name', 'hostname', 'svc_name', 'instance_uid', 'domain'],
  user: ['account', 'name', 'uid'],
}

/** Names of the class's attributes that are not of the OCSF dictionary would be a mistake of ours. */
const KNOWN: readonly string[] = [
  ...REQUIRED.event,
  ...ONE_OF.event,
  'activity_name',
  'category_name',
  'class_name',
  'type_name',
  'severity',
  'status',
  'status_id',
  'status_code',
  'status_detail',
  'start_time',
  'end_time',
  'duration',
  'unmapped',
  'query_info',
  'type',
  'type_id',
]

const ANA = sampleSession('ana')
const BOB = sampleSession('bob')

async function eventsOf(
  world: ExportWorld,
  { scope = { all: true }, withPrivate = false }: Partial<Parameters<typeof ocsfLines>[2]> = {},
): Promise<readonly Event[]> {
  const tree = await exportedTree(world.ports)
  if (tree === undefined) throw new Error('nothing is sealed')
  const lines: string[] = []
  for await (const line of ocsfLines(world.ports, tree, { scope, withPrivate }))
    lines.push(line.toString())
  return lines.map((line): Event => JSON.parse(line))
}

function expectOcsf(event: Event): void {
  const at = (name: string): object => {
    const value =
      name === 'event' ? event : name === 'user' ? Reflect.get(at('actor'), name) : event[name]
    return typeof value === 'object' && value !== null ? value : {}
  }
  for (const [name, members] of Object.entries(REQUIRED))
    if (name === 'event' || event[name] !== undefined)
      expect(Object.keys(at(name)), name).toEqual(expect.arrayContaining(members))
  for (const [name, members] of Object.entries(ONE_OF))
    expect(
      Object.keys(at(name)).some((key) => members.includes(key)),
      name,
    ).toBe(true)
  expect(Object.keys(event).filter((name) => !KNOWN.includes(name))).toEqual([])
  expect(event).toMatchObject({
    category_uid: 6,
    class_uid: 6005,
    activity_id: 4,
    type_uid: 600504,
  })
  for (const time of [event['time'], event['start_time'], event['end_time'] ?? 0])
    expect(Number.isSafeInteger(time)).toBe(true)
}

async function story() {
  const world = exportWorld()
  const calls = { ended: await world.call(ANA), open: await world.call(BOB, 'none') }
  await world.seal()
  return { ...world, calls: { ...calls, refused: await world.refusal(ANA) } }
}

test('one event for every call, with all that OCSF requires', async () => {
  const world = await story()
  const events = await eventsOf(world)
  expect(events).toHaveLength(3)
  for (const event of events) expectOcsf(event)
  const [ended, open, refused] = events
  expect(ended).toMatchObject({
    status_id: 1,
    status: 'Success',
    severity_id: 1,
    metadata: {
      version: '1.8.0',
      product: { name: 'Sluice' },
      log_name: 'example.com/sluice',
      uid: `${world.calls.ended}~request`,
      correlation_uid: ANA.id,
    },
    actor: {
      user: { uid: 'ana', email_addr: 'ana@acme.example', groups: [{ name: 'analysts' }] },
      session: { uid: ANA.id, issuer: 'https://id.example' },
      idp: { uid: 'https://id.example' },
      app_uid: 'mcp-toolbox',
      invoked_by: 'agent-7',
    },
    src_endpoint: { ip: '192.0.2.7', svc_name: 'genai-toolbox/1.12.0' },
    type_id: 3,
    database: { uid: 'acme.hospital', name: 'hospital' },
    table: { uid: 'acme.hospital.patients', name: 'patients' },
    query_info: {
      query_string: 'SELECT name FROM hospital.patients WHERE id = ?',
      uid: 'job_1',
      bytes: 1024,
    },
    unmapped: { call: world.calls.ended, effect: 'permit', rules: ['analysts-read'], rows: 1 },
  })
  expect(open).toMatchObject({ status_id: 0, actor: { user: { uid: 'bob' } } })
  expect(open).not.toHaveProperty('end_time')
  expect(refused).toMatchObject({
    status_id: 2,
    status_code: 'denied',
    severity_id: 2,
    src_endpoint: { ip: '192.0.2.9' },
    database: { name: 'acme' },
    metadata: { uid: `${world.calls.refused}~refusal` },
  })
})

test('values in SQL are there only when private facts are wanted, and not erased', async () => {
  const world = await story()
  const texts = async (withPrivate: boolean) =>
    (await eventsOf(world, { withPrivate })).map(({ query_info: info }) => info)
  const open = { query_string: 'SELECT name FROM hospital.patients WHERE id = 7' }
  const stripped = { query_string: 'SELECT name FROM hospital.patients WHERE id = ?' }
  expect(await texts(false)).toMatchObject([stripped, stripped, stripped])
  expect(await texts(true)).toMatchObject([open, open, open])
  for (const key of await world.secrets.list({ session: ANA.id })) await world.secrets.erase(key)
  expect(await texts(true)).toMatchObject([stripped, open, stripped])
})

test('a scope: the calls in it', async () => {
  const world = await story()
  expect(await eventsOf(world, { scope: { session: BOB.id } })).toMatchObject([
    { metadata: { uid: `${world.calls.open}~request` } },
  ])
})

test('somebody of whom nothing is known is still somebody', async () => {
  const world = await story()
  await world.anonymous()
  const [, , , event] = await eventsOf(world)
  if (event === undefined) throw new Error('no event')
  expectOcsf(event)
  expect(event).toMatchObject({
    actor: { user: { name: 'Unknown' } },
    src_endpoint: { name: 'Unknown' },
  })
})
