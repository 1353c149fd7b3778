import { randomBytes } from 'node:crypto'

import { credentialProviders } from '../shared/adapters/bigquery/credential-providers.ts'
import { googleOwnIdentity } from '../shared/adapters/bigquery/google-own-identity.ts'
import { undiciUpstream } from '../shared/adapters/bigquery/undici-upstream.ts'
import { googleSqlAnalyzer } from '../shared/adapters/googlesql/analyzer.ts'
import { gatewayKeys } from '../shared/adapters/key-file/gateway-keys.ts'
import { keyFile } from '../shared/adapters/key-file/key-file.ts'
import { newGatewayKeys } from '../shared/adapters/key-file/new-gateway-keys.ts'
import { discoveredIssuers } from '../shared/adapters/oidc/discovered-issuers.ts'
import {
  type ReadSecret,
  secretManagerReader,
} from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import { approvalsRoutes } from '../shared/approval-desk/api/approvals-routes.ts'
import { type DeskWork, deskWork } from '../shared/approval-desk/desk-work.ts'
import type { Desk } from '../shared/approval-desk/desk.ts'
import { followUp } from '../shared/approval-desk/follow-up.ts'
import type { consoleApp } from '../shared/console/pages/console-app.ts'
import type { AnsweredCall } from '../shared/gateway/answered-call.ts'
import { type AppOptions, gatewayApp } from '../shared/gateway/app.ts'
import { startHeld } from '../shared/gateway/held/start-held.ts'
import { stopHeld } from '../shared/gateway/held/stop-held.ts'
import { instanceMemory, policyMemory } from '../shared/gateway/instance-memory.ts'
import type { Ports } from '../shared/gateway/ports.ts'
import { bearerChallenge } from '../shared/gateway/sign-in/bearer-challenge.ts'
import { wellKnown } from '../shared/gateway/sign-in/metadata.ts'
import { signInRoutes } from '../shared/gateway/sign-in/sign-in-routes.ts'
import { identifier } from '../shared/identity/identifier.ts'
import { ownTokens } from '../shared/identity/own-tokens.ts'
import { sealer } from '../shared/identity/sign-in/sealer.ts'
import type { GatewayKeys } from '../shared/identity/signing-key.ts'
import { ok } from '../shared/kernel/result.ts'
import { findIdentifiers } from '../shared/masking/find-identifiers.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { refusalBudget } from '../shared/recording/refusal-budget.ts'
import { announcerIn, slackOf } from './announcer.ts'
import { holdWithin } from './hold-within.ts'
import { failureFields, log } from './log.ts'
import { mounted } from './mounted.ts'
import { noAnalyzer } from './no-analyzer.ts'
import type { OnEntry } from './observed.ts'
import { openQueue } from './open-queue.ts'
import { type Store, openStore } from './open-store.ts'
import { questionsOf } from './questions.ts'
import type { Reconciling } from './reconciling.ts'
import { recordIn } from './record.ts'
import type { SealedNow } from './report-sealing.ts'
import { type World, refusing, servePolicy } from './serve-policy.ts'
import { type Settings, readSettings } from './settings.ts'
import { sourceAddress } from './source-address.ts'
import { storeReachable } from './store-reachable.ts'

/** A gateway that serves, or says why it does not. */
export interface Gateway {
  readonly fetch: (request: Request, env?: unknown) => Response | Promise<Response>
  /** Does some work on approvals under the policy in force; undefined where there is none. Rejects as the work does. */
  readonly desk?: <T>(work: (desk: Work) => Promise<T>) => Promise<T>
  /** Frees what it holds; requests under way are lost. */
  close(): Promise<void>
}

/** What is done about approvals under one policy. */
export interface Work extends DeskWork {
  /** Serves Slack's requests; undefined where policy or environment name no Slack. */
  readonly slack: ((request: Request) => Response | Promise<Response>) | undefined
  /** Seals and publishes the record, and resolves with what it did; undefined where the environment names no place for it. */
  readonly seal: (() => Promise<SealedNow | undefined>) | undefined
  /** Deletes what is sealed and kept no longer; undefined likewise. */
  readonly retain: (() => Promise<void>) | undefined
  /** Compares the record with the jobs that BigQuery ran. */
  readonly reconcile: () => Promise<void>
  /** What a verifier needs to believe, as a file. */
  readonly trust: (() => Promise<string>) | undefined
}

/** What a world may add to the usual parts. */
export interface Extras {
  /** Hears of every entry once it is durable, with the JSON of what it keeps in private. */
  readonly onEntry?: OnEntry
  /** Hears of every call of BigQuery's API once its answer is ready. */
  readonly onAnswered?: (call: AnsweredCall) => void
  /** Instead of the one that the environment names. */
  readonly store?: Store
  /** Of a BigQuery that is not Google's: since when it knows its jobs, and how late one appears. */
  readonly jobsKnown?: { readonly since: number; readonly lagMs: number }
  /** The pages of the console, where this process serves them: nobody else loads them. */
  readonly pages?: typeof consoleApp
  /**
   * What this process is for; all of it where nothing is said. With `pushes`, Google's pushes and schedules and Slack's
   * buttons, nobody comes with a token of Sluice's, and it has no key to sign one.
   */
  readonly serves?: 'data-path' | 'audit' | 'pushes'
  /** False where no SQL is looked at: GoogleSQL is not even there. */
  readonly analyzes?: false
  /** How often the policy file is looked at, in milliseconds. */
  readonly policyEveryMs?: number
}

/**
 * The gateway for this environment. Without a valid policy, or when a part cannot be had, it serves
 * 503 and the log says why: never "allow". A changed policy file is in force within seconds. Nothing
 * is rejected.
 */
export async function gateway(env: NodeJS.ProcessEnv, extras: Extras = {}): Promise<Gateway> {
  // With these, libraries print keys, tokens and what is asked. Google's are imported later than this.
  for (const name of LOUD) delete process.env[name]
  try {
    const settings = readSettings(env, { tokens: extras.serves !== 'pushes' })
    const late: Late = { gateway: undefined }
    const world = await assemble(settings, extras, late)
    const { policyEveryMs: everyMs } = extras
    const options = everyMs === undefined ? {} : { everyMs }
    late.gateway = await servePolicy(settings.policyFile, world, options)
    return late.gateway
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown'
    log('ERROR', 'the gateway cannot serve', { reasons: reason.split('\n') })
    return refusing(reason.split('\n'))
  }
}

const LOUD = [
  'GOOGLE_SDK_NODE_LOGGING',
  'GRPC_NODE_TRACE',
  'GRPC_NODE_VERBOSITY',
  'GRPC_TRACE',
  'GRPC_VERBOSITY',
]

/** What serves, once it does: messages may be there before. */
interface Late {
  gateway: Gateway | undefined
}

async function assemble(settings: Settings, extras: Extras, late: Late): Promise<World> {
  // CEL's `getHours(zone)` gives a wrong hour in the gaps of another process time zone.
  process.env['TZ'] = 'UTC'
  const clock = Date.now
  const ownIdentity = googleOwnIdentity()
  const readSecret = secretManagerReader({ ownIdentity })
  const keys = await signingKeys(settings, readSecret)
  const store = extras.store ?? openStore(settings.store)
  const { onEntry } = extras
  const record = await recordIn(settings, { store, readSecret, clock, onEntry })
  // Parts that few functions need are loaded by those that do: the gateway's cold start waits for none of them.
  const sealing =
    settings.logObjects === undefined
      ? undefined
      : (await import('./sealing.ts')).sealingIn(settings, record, store)
  const auditing = extras.serves === 'data-path' ? undefined : await import('./audit-surface.ts')
  const analyzer = extras.analyzes === false ? noAnalyzer : googleSqlAnalyzer({ eager: true })
  const queue = openQueue(settings, {
    desk: (work) => {
      const desk = late.gateway?.desk
      return desk === undefined ? Promise.reject(new Error('not ready')) : desk(work)
    },
    onFailure: onTrouble,
  })
  const slack = await slackOf(settings, readSecret)
  const announce = await announcerIn(slack, store, {
    consoleUrl: settings.consoleUrl && `${settings.consoleUrl}/console`,
    clock,
  })
  const { peopleSeen } = store
  const { publish } = queue
  const slackParts = { readSecret, slack, peopleSeen, grants: store.grants, publish, clock }
  const slackApp =
    slack && (await (await import('./slack-app.ts')).slackAppIn(settings, slackParts))
  const { keySets, issuerClient, prefetch } = discoveredIssuers({
    timeoutMs: 5_000,
    now: clock,
    onUnreachable: (issuer, cause) =>
      log('WARNING', 'issuer unreachable', { issuer, ...failureFields(cause) }),
  })
  const { url } = settings
  const issuing = ownTokens({
    issuer: url,
    audience: url,
    key: keys.signing,
    retired: keys.retired,
    randomToken,
  })
  const whatever = {
    analyze: analyzer.analyze,
    jobs: store.jobs,
    derivedTags: store.derivedTags,
    usage: store.usage,
    killSwitches: store.killSwitches,
    grants: store.grants,
    publish,
    onTrouble,
    masking: { tokenKey: keys.masking, detect: findIdentifiers },
    hold: holdWithin(settings.requestTimeoutSeconds),
  }
  const lastingMemory = instanceMemory()
  const reachable = storeReachable(store.entries, clock)
  const surface: Omit<AppOptions, 'mounted' | 'signIn'> = {
    publicUrl: url,
    sourceAddress: (c) => sourceAddress(c.env, c.req.header('x-forwarded-for'), settings.proxyHops),
    challenge: (problem) =>
      bearerChallenge(problem, {
        resourceMetadataUrl: wellKnown(url).protectedResource,
      }),
    refusalBudget: refusalBudget({ perMinute: 30, totalPerMinute: 600, clock }),
    onFailure: (cause) => log('ERROR', 'a request failed', failureFields(cause)),
    ...(extras.onAnswered === undefined ? {} : { onAnswered: extras.onAnswered }),
    notReady: async () => [
      ...(analyzer.healthy() ? [] : ['the analyzer is not running']),
      ...((await reachable()) ? [] : ['the store does not answer']),
    ],
  }

  const under = (policy: Policy): Gateway => {
    const { connections } = policy
    const lasting = { ...whatever, ...record.under(policy) }
    const exchange = {
      ...(settings.bigQueryUrl === undefined ? {} : { baseUrl: settings.bigQueryUrl }),
      credentials: credentialProviders(connections, { readSecret, ownIdentity, clock }),
      clock,
    }
    const upstream = undiciUpstream(exchange)
    const questions = questionsOf(connections, exchange)
    const { journal } = record
    const { cloudAuditLogs } = settings
    const parts = { journal, store, cloudAuditLogs, ...extras }
    const reconciling = reconcilingLater(() =>
      import('./reconciling.ts').then((module) =>
        module.reconcilingOf(connections, exchange, parts),
      ),
    )
    const trust = { issuers: policy.issuers, keySets, ownTokens: issuing }
    // While GoogleSQL starts: the first caller waits for neither. Rejects never.
    if (extras.serves === 'data-path')
      for (const { issuer } of policy.issuers) void prefetch(issuer)
    const ports: Ports = {
      ...lasting,
      policy: () => ok(policy),
      identify: identifier(trust),
      upstream,
      catalog: questions.catalog,
      dryRun: questions.dryRun,
      memory: { ...lastingMemory, ...policyMemory() },
    }
    const desk: Desk = {
      ...lasting,
      policy,
      peopleSeen,
      announce,
      known: ports.memory.grants,
      start: (id) => startHeld(ports, id),
      stop: (grant) => stopHeld(ports, grant),
      closeCalls: async () => {
        const { upkeep } = await import('./upkeep.ts')
        await upkeep(ports, { store, record, policy })
      },
    }
    const work = {
      ...deskWork(desk),
      slack: slackApp?.(policy),
      seal: sealing && (() => sealing.seal(policy)),
      retain: sealing && (() => sealing.retain(policy, lasting)),
      reconcile: async () => void (await reconciling.reconcile()),
      trust: sealing && (() => sealing.trust(policy)),
    }
    const approvals = approvalsRoutes(
      {
        ...lasting,
        policy: ports.policy,
        identify: ports.identify,
        peopleSeen,
        known: desk.known,
        settled: ({ id }) => followUp(desk, id),
      },
      { ...surface, mountedAt: APPROVALS },
    )
    const approving = { [APPROVALS]: mounted(approvals) }
    const signingIn = {
      ...trust,
      issuerClient,
      sealer: sealer(keys.sealing, url),
      randomToken,
      clock,
    }
    const audit = auditing?.auditSurface({
      ports,
      policy,
      store,
      clock,
      relocate: analyzer.relocate,
      reconcile: reconciling.reconcile,
      sealing,
      signIn: { ...signingIn, gateway: settings.consoleUrl ?? url },
      pages: extras.pages,
      surface,
      approving,
    })
    const app =
      audit !== undefined && extras.serves === 'audit'
        ? audit.app
        : gatewayApp(ports, {
            ...surface,
            mounted: audit?.mounts ?? approving,
            signIn: signInRoutes({ ...signingIn, gateway: url }),
          })
    const close = async (): Promise<void> => {
      await Promise.all([upstream.close(), questions.close(), reconciling.close()])
    }
    return { fetch: (request, env) => app.fetch(request, env), desk: (use) => use(work), close }
  }
  return {
    under,
    close: async () => {
      await queue.close()
      analyzer.close()
      await record.journal.writers.close()
      await store.close()
    },
  }
}

/** `Reconciling` by a part that is loaded when it is first asked. */
function reconcilingLater(
  load: () => Promise<Reconciling & { readonly close: () => Promise<void> }>,
): Reconciling & { readonly close: () => Promise<void> } {
  let loaded: ReturnType<typeof load> | undefined
  return {
    reconcile: async (asked) => {
      loaded ??= load()
      return (await loaded).reconcile(asked)
    },
    close: async () => (await loaded)?.close(),
  }
}

function onTrouble(cause: unknown): void {
  log('WARNING', 'something about approvals failed, and is tried again', failureFields(cause))
}

const APPROVALS = '/v1/approvals'

const randomToken = () => randomBytes(32).toString('base64url')

async function signingKeys(settings: Settings, readSecret: ReadSecret): Promise<GatewayKeys> {
  // Of this process, and gone with it: nobody believes what it signs, and it believes what nobody else signed.
  if (settings.signingKey === undefined) return gatewayKeys(newGatewayKeys())
  const { kind, name } = settings.signingKey
  if (kind === 'file') return keyFile(name)
  const { payload } = await readSecret(name)
  return gatewayKeys(payload.reveal().toString('utf8'))
}
