import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { deployFunctions } from '../../support/deployed-functions.ts'
import { deployment } from '../../support/deployed/deployment.ts'
import { heard } from './recorded-calls.ts'
import type { ServeOptions, Served } from './served.ts'

/** As the local stack does, where Cloud Scheduler would every minute. */
const SWEEP_EVERY_MS = 2_000

/**
 * The built functions as they are deployed, each in a process of its own, on emulators: the gateway, and where the policy has
 * people approve, all that it takes.
 */
export async function serveDist(options: ServeOptions): Promise<Served> {
  const on = await deployment()
  if ('missing' in on) throw new Error(on.missing)
  const isHeld = /^approvals:/m.test(readFileSync(options.policy, 'utf8'))
  const names = isHeld
    ? (['gateway', 'approval-notifier', 'approval-resolver', 'sweeper'] as const)
    : (['gateway'] as const)
  const here = await deployFunctions(on, names, {
    data: options.data,
    policyFile: options.policy,
    onRequest: options.onRequest,
    bigQuery: { workers: 4, onRequest: options.onUpstream, beforeJob: options.beforeJob },
  })
  const over = new AbortController()
  const sweeping = isHeld ? sweep(here.scheduled, over.signal) : Promise.resolve()
  return {
    gateway: here.urlOf('gateway'),
    issuer: here.issuer,
    entries: async () => (await here.record.read()).map(({ entry, facts }) => heard(entry, facts)),
    close: async () => {
      over.abort()
      await sweeping
      await here.close()
    },
  }
}

async function sweep(
  scheduled: (name: 'sweeper', path: string) => Promise<Response>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await scheduled('sweeper', '/sweep')
    await sleep(SWEEP_EVERY_MS, undefined, { signal }).catch(() => {})
  }
}
