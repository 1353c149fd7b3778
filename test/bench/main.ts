/** `npm run bench`: what Sluice costs beside a proxy that does nothing. Loopback only. */
import { join } from 'node:path'

import { Command, InvalidArgumentError, Option } from 'commander'

import { measureColdStart } from './cold-start.ts'
import { measureImports } from './import-times.ts'
import { measureParts } from './masking.ts'
import { measureGrowth } from './record/growing-record.ts'
import { measureRecord } from './record/measure-record.ts'
import { type Report, describeMachine, formatReport } from './report.ts'
import { measureSearch } from './search/measure-search.ts'
import { measureWarm } from './warm.ts'
import { startWorld } from './world.ts'

const DATA = join(import.meta.dirname, '../../infra/local/data')

const PARTS = ['warm', 'cold', 'parts', 'record', 'growth', 'search'] as const
type Part = (typeof PARTS)[number]

interface Options {
  readonly rounds: number
  readonly only?: Part
  readonly json?: true
  readonly profile?: string
  readonly index?: string
}

const command = new Command('npm run bench --')
  .description(
    'Measures CPU per request and latency of Sluice against a bare pass-through, cold starts, and what the record costs. Takes some five minutes.',
  )
  .option('--rounds <n>', 'at most so many rounds (fewer on a slow machine)', parseRounds, 10)
  .addOption(new Option('--only <part>', 'measure one part').choices(PARTS))
  .option('--json', 'print one JSON document instead of tables')
  .option('--profile <dir>', 'write CPU profiles of the warm servers there; spoils the numbers')
  .option('--index <file>', 'for `--only search`: the index is kept there, and used if it is there')
  .addHelpText('after', '\nExit codes: 0 measured, 1 something failed, 2 wrong usage.')
  .exitOverride((problem) => process.exit(problem.exitCode === 0 ? 0 : 2))
  .parse()

const options = command.opts<Options>()
const say = (progress: string): void => {
  process.stderr.write(`${progress}\n`)
}

try {
  const report = await measureAll()
  process.stdout.write(
    `${options.json === true ? JSON.stringify(report, undefined, 2) : formatReport(report)}\n`,
  )
} catch (cause) {
  say(`error: ${cause instanceof Error ? cause.message : String(cause)}`)
  // Whatever was started ends with its parent.
  process.exit(1)
}

async function measureAll(): Promise<Report> {
  const { rounds, only, profile, index } = options
  const nodeOptions =
    profile === undefined
      ? []
      : ['--cpu-prof', '--cpu-prof-interval=200', `--cpu-prof-dir=${profile}`]
  const world = await startWorld()
  try {
    const isAsked = (part: Part): boolean => only === undefined || only === part
    return {
      machine: describeMachine(),
      warm: isAsked('warm')
        ? await measureWarm(world, { rounds, until: 75_000, nodeOptions, say })
        : [],
      coldStart: isAsked('cold')
        ? await measureColdStart(world, { rounds, until: 240_000, say })
        : { rows: [], parts: [] },
      imports: isAsked('cold') ? await measureImports({ until: 260_000, say }) : [],
      parts: isAsked('parts') ? await measureParts(DATA, say) : [],
      costs: isAsked('record') ? await measureRecord(say) : [],
      growth: isAsked('growth') ? await measureGrowth(world, say) : [],
      // It takes as long as all the others together: only where it is asked for.
      searches: only === 'search' ? await measureSearch(say, index) : [],
    }
  } finally {
    await world.close()
  }
}

function parseRounds(text: string): number {
  const value = Number(text)
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('between 1 and 99')
  return value
}
