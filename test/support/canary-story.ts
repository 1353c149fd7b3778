import { setTimeout as wait } from 'node:timers/promises'

import { APPROVE } from '../../shared/approval-desk/slack/decision-buttons.ts'
import { type CanaryCaller, canaryCaller } from './canary-caller.ts'
import type { CanaryDeployment } from './canary-deployment.ts'
import { signInAtConsole, signInAtGateway } from './canary-sign-ins.ts'
import { patient, said } from './canary-values.ts'
import { PETRA_IN_SLACK } from './deployed/function-environment.ts'
import { signedRequest } from './slack-payloads.ts'
import { errorReply } from './stub-replies.ts'
import type { Respond } from './stub-upstream.ts'

/** What people, agents and schedules do with all functions, well and badly. Resolves with who did it, and what was held. */
export async function canaryStory(
  world: CanaryDeployment,
): Promise<CanaryCaller & { readonly jobId: string; readonly entry: string }> {
  const caller = canaryCaller(world.here)
  await signInAtGateway(world.here, caller)
  const entry = await ask(world, caller)
  const jobId = await approve(world, caller)
  await look(world, caller)
  await keepUp(world, caller)
  return { ...caller, jobId, entry }
}

const parameters = {
  parameterMode: 'NAMED',
  queryParameters: [
    { name: 'name', parameterType: { type: 'STRING' }, parameterValue: { value: said.name } },
  ],
}

/** Throws back what it heard, credential and all. */
const echo: Respond = (request, response) => {
  const heard = `${request.headers.authorization} ${request.body.toString()}`
  return errorReply(400, heard, heard, heard)(request, response)
}

/** Queries that run, that are denied, that fail and that are none; resolves with the entry of the first. */
async function ask({ front }: CanaryDeployment, caller: CanaryCaller): Promise<string> {
  const { query } = caller
  const [carla, ana] = [await caller.tokenOf('carla'), await caller.tokenOf('ana')]
  const rows = await query(
    carla,
    `SELECT name, ssn, email, notes FROM acme.hospital.patients WHERE id = 1 OR ssn = '${said.ssn}' OR name = @name OR notes LIKE '%${said.note}%' ORDER BY id`,
    parameters,
  )
  // Who may see them got them: there was something to leak.
  if (!rows.text.includes(patient.ssn)) throw new Error(`no rows: ${rows.status} ${rows.text}`)
  await query(ana, `SELECT id FROM acme.hospital.patients WHERE ssn = '${said.ssn}'`)
  await query(ana, `SELECT * FROM acme.finance.payroll WHERE name = '${said.note}'`)
  const failing = `SELECT ERROR(CONCAT(ssn, notes, '${said.note}')) FROM acme.hospital.patients`
  await query(ana, failing)
  await query(carla, failing, {}, 'values')
  await query(ana, `SELECT '${said.ssn}' '${said.note}' FROM`, {}, 'values')
  await query(`${carla}x`, `SELECT '${said.ssn}'`)
  await caller.ask('gateway', '/bigquery/v2/projects/acme/queries', {
    token: carla,
    json: `{"query": "SELECT '${said.ssn}`,
  })
  front.use({ fault: echo })
  await query(carla, `SELECT name FROM acme.hospital.patients WHERE ssn = '${said.ssn}' LIMIT 7`)
  front.use({ fault: undefined })
  const [, payload = ''] = (rows.headers.get('sluice-receipt') ?? '').split(/^([\w-]+)\./)
  const receipt = Buffer.from(payload, 'base64url').toString()
  return /"entry":"(\w+)/.exec(receipt)?.[1] ?? 'no entry'
}

/** Held, told in Slack, approved there, run; resolves with its id. */
async function approve({ here }: CanaryDeployment, caller: CanaryCaller): Promise<string> {
  const agent = await caller.tokenOf('mcp-agent')
  const held = await caller.query(
    agent,
    `SELECT id, amount FROM acme.hospital.claims WHERE status = '${said.toApprove}' OR status = @name OR id = 1`,
    { ...parameters, timeoutMs: 0 },
  )
  const [, jobId = ''] = /"jobId":"([^"]+)"/.exec(held.text) ?? []
  if (jobId === '') throw new Error(`it was not held: ${held.status} ${held.text}`)
  const message = await once('a message in Slack', () => here.slack.messages[0])
  const press = (): Request => here.slack.press(APPROVE, { user: PETRA_IN_SLACK, message })
  const isUpdated = () => (message.updates > 0 ? message : undefined)
  // Slack waits for three seconds only: on a busy machine somebody presses again.
  await once(
    'a vote that counts',
    async () => {
      await caller.hear(await here.fromSlack(press()))
      return once('what became of it', isUpdated, 160)
    },
    10,
  )
  const path = `/bigquery/v2/projects/acme/queries/${jobId}?timeoutMs=15000`
  const { text } = await caller.ask('gateway', path, { token: agent })
  if (!text.includes('"totalRows"')) throw new Error(`it did not run: ${text}`)
  return jobId
}

/** Pages and API of the console. */
async function look({ here }: CanaryDeployment, caller: CanaryCaller): Promise<void> {
  const by = await signInAtConsole(here, caller)
  const base = `${here.urlOf('console')}/console`
  for (const path of ['', '/calls', '/sessions', '/approvals', '/log', '/policy', '/nowhere'])
    await caller.hear(await by.go(`${base}${path}`))
  const token = await caller.tokenOf('olga')
  for (const path of ['me', 'calls', `calls?text=${said.search}`, `calls?x=${said.search}`, 'x'])
    await caller.ask('console', `/v1/${path}`, { token })
  await caller.ask('console', '/v1/calls', { token: `${token}x` })
}

/** What Google calls, and what others call in its place. */
async function keepUp({ here }: CanaryDeployment, caller: CanaryCaller): Promise<void> {
  for (const [name, path] of [
    ['sweeper', '/sweep'],
    ['reconciler', '/reconcile'],
    ['log-publisher', '/seal'],
    ['retainer', '/retain'],
    ['approval-notifier', '/'],
    ['approval-resolver', '/'],
  ] as const) {
    const token = await here.googleToken(here.urlOf(name))
    caller.secrets[`the push token of ${name}`] = token
    await caller.ask(name, path, { token, json: JSON.stringify({ message: { data: said.note } }) })
    await caller.ask(name, path, { token, json: `{"message":"${said.ssn}` })
    await caller.ask(name, path, { token: `${token}x`, json: '{}' })
  }
  const payload = `payload={"${said.note}`
  await caller.hear(await here.fromSlack(signedRequest(payload, Date.now())))
  await caller.hear(await here.fromSlack(signedRequest(payload, Date.now(), 'another secret')))
}

/** What `find` finds, which may take a while. */
async function once<T>(
  what: string,
  find: () => Promise<T> | T,
  tries = 1200,
): Promise<NonNullable<T>> {
  for (let left = tries; left > 0; left -= 1) {
    const found = await Promise.resolve(find()).catch(() => undefined)
    if (found !== undefined && found !== null) return found
    await wait(50)
  }
  throw new Error(`it never came: ${what}`)
}
