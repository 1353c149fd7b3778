import { parseArgs } from 'node:util'

import { type VolumeOption, type Volumes, volumeOptions } from './volumes.ts'

/** What was asked, or what is wrong with it. */
export type Asked =
  | { readonly problem: string }
  | { readonly values: Readonly<Record<string, unknown>>; readonly volumes: Volumes }

/** Reads the arguments of the command. */
export function readArguments(args: readonly string[]): Asked {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const options = {
    ...Object.fromEntries(volumeOptions.map(({ flag: name }) => [name, text])),
    tier: text,
    prices: text,
    json: flag,
    help: flag,
  }
  let values: Readonly<Record<string, unknown>>
  try {
    ;({ values } = parseArgs({ args: [...args], options, allowPositionals: false }))
  } catch (cause) {
    return { problem: cause instanceof Error ? (cause.message.split('. ')[0] ?? '') : '' }
  }
  const problems: string[] = []
  const number = (option: VolumeOption): number => {
    const given = values[option.flag]
    if (given === undefined) return option.usual
    const value = Number(given)
    const isGood = typeof given === 'string' && /^\d+(\.\d+)?$/.test(given) && value <= option.most
    if (!isGood) problems.push(`--${option.flag} is a number up to ${option.most}`)
    return value
  }
  const of = new Map(volumeOptions.map((option) => [option.name, number(option)]))
  const get = (name: VolumeOption['name']): number => of.get(name) ?? 0
  for (const name of ['queriesPerSession', 'atOnce'] as const)
    if (get(name) <= 0) problems.push(`--${flagOf(name)} is more than 0`)
  const tier = values['tier'] ?? '1'
  if (tier !== '1' && tier !== '2') problems.push('--tier is 1 or 2')
  const [problem] = problems
  if (problem !== undefined) return { problem }
  const retentionDays = get('retentionDays')
  const age = get('ageDays')
  return {
    values,
    volumes: {
      queries: get('queries'),
      queriesPerSession: get('queriesPerSession'),
      heldPercent: get('heldPercent'),
      waitMinutes: get('waitMinutes'),
      seconds: get('seconds'),
      atOnce: get('atOnce'),
      documentKib: get('documentKib'),
      retentionDays,
      // What is as old as that is deleted, too.
      ageDays: Number.isNaN(age) ? retentionDays + 1 : age,
      backupDays: get('backupDays'),
      answerKib: get('answerKib'),
      minInstances: get('minInstances'),
      starts: get('starts'),
      tier: tier === '1' ? 1 : 2,
    },
  }
}

function flagOf(name: VolumeOption['name']): string {
  return volumeOptions.find((option) => option.name === name)?.flag ?? name
}
