import { userInfo } from 'node:os'

import { Command } from 'commander'

import { principalKey } from '../../shared/identity/principal.ts'
import type { KillSwitch, KillSwitches } from '../../shared/policy/kill-switch.ts'
import { openStore } from '../open-store.ts'
import { storeOf } from '../settings.ts'

interface Options {
  readonly store: string
  readonly principal?: readonly [string, string] | readonly string[]
  readonly dataset?: string
  readonly reason: string
}

const LOCAL = 'sqlite:.sluice/record.sqlite'

/** `sluice stop`: sets a kill switch, which acts within 10 s, without a deploy. */
export function stopCommand(): Command {
  return scoped(new Command('stop'))
    .description('stop queries at once: of everybody, of one principal, or of a dataset')
    .requiredOption('--reason <text>', 'why, for whoever is stopped')
    .action(async (options: Options) => {
      const killSwitch: KillSwitch = {
        scope: scopeOf(options),
        reason: options.reason,
        by: userInfo().username,
        at: Date.now(),
      }
      await withSwitches(options.store, (switches) => switches.set(killSwitch))
      process.stdout.write(`stopped: ${describe(killSwitch)}\n`)
    })
}

/** `sluice resume`: clears a kill switch. */
export function resumeCommand(): Command {
  return scoped(new Command('resume'))
    .description('clear a kill switch that `sluice stop` set with the same options')
    .action(async (options: Options) => {
      const scope = scopeOf(options)
      const was = await withSwitches(options.store, (switches) => switches.clear(scope))
      if (!was) throw new Error('there is no such kill switch; see `sluice stops`')
      process.stdout.write('resumed\n')
    })
}

/** `sluice stops`: the kill switches that are set. */
export function stopsCommand(): Command {
  return new Command('stops')
    .description('list the kill switches that are set')
    .option('--store <store>', STORE, process.env['SLUICE_STORE'] ?? LOCAL)
    .action(async ({ store }: Options) => {
      const all = await withSwitches(store, (switches) => switches.list())
      process.stdout.write(all.map((each) => `${describe(each)}\n`).join(''))
    })
}

const STORE = 'as SLUICE_STORE of the gateway'

function scoped(command: Command): Command {
  return command
    .option('--principal <issuer-and-sub...>', 'only of this principal: issuer, then sub')
    .option('--dataset <project.dataset>', 'only those that touch this dataset')
    .option('--store <store>', STORE, process.env['SLUICE_STORE'] ?? LOCAL)
}

function scopeOf({ principal, dataset }: Options): KillSwitch['scope'] {
  if (principal !== undefined && dataset !== undefined)
    throw new Error('give --principal or --dataset, not both')
  if (dataset !== undefined) {
    if (!/^.+\.\w+$/.test(dataset)) throw new Error(`not a project and dataset: \`${dataset}\``)
    return { kind: 'dataset', dataset }
  }
  if (principal === undefined) return { kind: 'global' }
  const [issuer, subject, ...more] = principal
  if (issuer === undefined || subject === undefined || more.length > 0)
    throw new Error('a principal is two words: its issuer and its sub')
  return { kind: 'principal', principal: principalKey({ issuer, subject }) }
}

async function withSwitches<T>(
  text: string,
  work: (switches: KillSwitches) => Promise<T>,
): Promise<T> {
  const settings = storeOf(text)
  if (settings === undefined) throw new Error(`not a store: \`${text}\``)
  const store = openStore(settings)
  try {
    return await work(store.killSwitches)
  } finally {
    await store.close()
  }
}

function describe({ scope, reason, by, at }: KillSwitch): string {
  const what =
    scope.kind === 'global'
      ? 'everybody'
      : scope.kind === 'principal'
        ? `principal ${scope.principal}`
        : `dataset ${scope.dataset}`
  return `${what}, by ${by} on ${new Date(at).toISOString()}: ${reason}`
}
