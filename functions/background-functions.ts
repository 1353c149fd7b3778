import { decodeMessage } from '../shared/adapters/message-codec.ts'
import { discoveredIssuers } from '../shared/adapters/oidc/discovered-issuers.ts'
import { pushRoutes } from '../shared/approval-desk/push-routes.ts'
import { scheduledRoute } from '../shared/approval-desk/scheduled-route.ts'
import { notReadyApp } from '../shared/gateway/not-ready-app.ts'
import { type VerifyPush, pushTokenVerifier } from '../shared/identity/push-token.ts'
import { failureFields, log, logSeldom } from './log.ts'
import { refusing } from './serve-policy.ts'
import { type PushSettings, type Settings, readSettings, variables } from './settings.ts'
import { type Extras, type Gateway, type Work, gateway } from './wiring.ts'
import { withHealth } from './with-health.ts'

/** Cloud Function `approval-notifier`: tells people what the topic `approval-requests` brings. */
export function approvalNotifier(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return pushed(env, { ...extras, ...NO_SQL }, 'approval-requests', (desk) => ({
    'dev.sluice.approval.requested': (message) =>
      desk(async ({ receive }) => receive['dev.sluice.approval.requested']?.(message)),
  }))
}

/** Cloud Function `approval-resolver`: settles the votes that the topic `approval-decisions` brings. */
export function approvalResolver(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return pushed(env, extras, 'approval-decisions', (desk) => ({
    'dev.sluice.approval.vote': (message) =>
      desk(async ({ receive }) => receive['dev.sluice.approval.vote']?.(message)),
  }))
}

/** Cloud Function `sweeper`: what Cloud Scheduler calls every minute. */
export function sweeper(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return behindPush(env, extras, (parts) =>
    scheduledRoute({ ...parts, path: '/sweep', work: () => parts.desk(({ sweep }) => sweep()) }),
  )
}

/** Cloud Function `reconciler`: what Cloud Scheduler calls every hour. */
export function reconciler(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return behindPush(env, { ...extras, ...NO_SQL }, (parts) =>
    scheduledRoute({
      ...parts,
      path: '/reconcile',
      work: () => parts.desk(({ reconcile }) => reconcile()),
    }),
  )
}

/** Cloud Function `log-publisher`: seals what is durable, and publishes it. Cloud Scheduler calls it every minute. */
export function logPublisher(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return behindPush(env, { ...extras, ...NO_SQL }, (parts, { logObjects }) => {
    if (logObjects === undefined)
      throw new Error(`SLUICE_LOG_OBJECTS: ${variables.SLUICE_LOG_OBJECTS}`)
    return scheduledRoute({
      ...parts,
      path: '/seal',
      work: () =>
        parts.desk(async ({ seal }) => {
          const sealed = await seal?.()
          if (sealed !== undefined) log('INFO', 'the record is sealed', { ...sealed })
        }),
    })
  })
}

/** Cloud Function `retainer`: what Cloud Scheduler calls every hour. It alone may delete entries. */
export function retainer(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  return behindPush(env, { ...extras, ...NO_SQL }, (parts, { logObjects }) => {
    if (logObjects === undefined)
      throw new Error(`SLUICE_LOG_OBJECTS: ${variables.SLUICE_LOG_OBJECTS}`)
    return scheduledRoute({
      ...parts,
      path: '/retain',
      work: () => parts.desk(async ({ retain }) => retain?.()),
    })
  })
}

/** Cloud Function `slack`: the request URL of the Slack app. */
export async function slackEndpoint(env: NodeJS.ProcessEnv, extras?: Extras): Promise<Gateway> {
  const served = await gateway(env, { ...extras, ...NO_SQL, ...PUSHES })
  const { desk } = served
  if (desk === undefined) return served
  const pressed: Gateway['fetch'] = (request) =>
    desk(async ({ slack }) => {
      if (slack !== undefined) return slack(request)
      log('ERROR', 'the function cannot serve', { reasons: [NO_SLACK] })
      return Response.json({ error: 'not ready' }, { status: 503 })
    })
  const health: Gateway['fetch'] = async (request) => {
    const hasSlack = await desk(async ({ slack }) => slack !== undefined).catch(() => true)
    const isLacking = !hasSlack && new URL(request.url).pathname === '/readyz'
    return isLacking ? notReadyApp([NO_SLACK]).fetch(request) : served.fetch(request)
  }
  return { ...served, fetch: withHealth(pressed, health) }
}

/** GoogleSQL is not deployed with them. */
const NO_SQL = { analyzes: false } as const
/** They are not given the key that signs Sluice's own tokens. */
const PUSHES = { serves: 'pushes' } as const

const NO_SLACK =
  'this needs `slack` in the policy, and SLUICE_SLACK_TOKEN and SLUICE_SLACK_SIGNING_SECRET'

type UseDesk = <T>(work: (desk: Work) => Promise<T>) => Promise<T>

function pushed(
  env: NodeJS.ProcessEnv,
  extras: Extras | undefined,
  subscription: string,
  receive: (desk: UseDesk) => Parameters<typeof pushRoutes>[0]['receive'],
): Promise<Gateway> {
  return behindPush(env, extras, (parts, { pubSubProject = '' }) =>
    pushRoutes({
      ...parts,
      subscriptions: [`projects/${pubSubProject}/subscriptions/${subscription}`],
      deadLetterSubscriptions: [
        `projects/${pubSubProject}/subscriptions/${subscription}-dead-letter`,
      ],
      decode: decodeMessage,
      receive: receive(parts.desk),
      deadLetter: (message) => parts.desk(({ deadLetter }) => deadLetter(message)),
      onPoison: async ({ messageId, reason }) =>
        log('ERROR', 'a message that nobody can read', { messageId: messageId ?? '', reason }),
    }),
  )
}

interface PushParts {
  readonly desk: UseDesk
  readonly verifyPush: VerifyPush
  readonly clock: () => number
  readonly onRefused: (problem: string) => void
  readonly onFailure: (cause: unknown) => void
}

/** What Google calls with a token of the account in the settings; serves 503 until that can be verified. */
async function behindPush(
  env: NodeJS.ProcessEnv,
  extras: Extras | undefined,
  app: (parts: PushParts, settings: Settings) => { readonly fetch: Gateway['fetch'] },
): Promise<Gateway> {
  const served = await gateway(env, { ...extras, ...PUSHES })
  try {
    const settings = readSettings(env, { tokens: false })
    if (settings.push === undefined)
      throw new Error(`SLUICE_PUSH_ACCOUNT: ${variables.SLUICE_PUSH_ACCOUNT}`)
    const parts: PushParts = {
      desk: (work) => {
        if (served.desk === undefined) return Promise.reject(new Error('there is no policy'))
        return served.desk(work)
      },
      verifyPush: verifierOf(settings.push),
      clock: Date.now,
      onRefused: logSeldom('a push that is not believed', Date.now),
      onFailure: (cause) => log('ERROR', 'to be delivered again', failureFields(cause)),
    }
    const routes = app(parts, settings)
    const fetch = withHealth((request) => routes.fetch(request), served.fetch)
    return { fetch, close: () => served.close() }
  } catch (cause) {
    await served.close()
    const reason = cause instanceof Error ? cause.message : 'unknown'
    log('ERROR', 'the function cannot serve', { reasons: reason.split('\n') })
    return refusing(reason.split('\n'))
  }
}

function verifierOf(push: PushSettings): VerifyPush {
  const { keySets } = discoveredIssuers({
    timeoutMs: 5_000,
    now: Date.now,
    onUnreachable: (issuer, cause) =>
      log('WARNING', 'issuer unreachable', { issuer, ...failureFields(cause) }),
  })
  return pushTokenVerifier({ ...push, keySets })
}
