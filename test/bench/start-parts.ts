import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

import { Pool } from 'undici'

import type { ColdRow } from './cold-start.ts'
import { askOnce } from './load.ts'
import { type Served, startServer } from './server.ts'
import { median } from './statistics.ts'
import type { World } from './world.ts'

/** Where the time of a cold start goes; medians. What is inside of another part is named so. */
export interface PartOfStart {
  readonly part: string
  readonly ms: number
}

const ROUNDS = 5

/** Prints how long the function takes to import, with nothing in its environment: it says so, and serves nobody. */
const IMPORT = `const startedAt = performance.now()
await import(process.argv[1])
process.stdout.write(String(performance.now() - startedAt), () => process.exit())`

/** The parts of a start that was measured as the last of `rows`, the first with a cache being the empty function's. */
export async function measureStartParts(
  world: World,
  { served, env }: { readonly served: Served; readonly env: NodeJS.ProcessEnv },
  rows: readonly ColdRow[],
): Promise<readonly PartOfStart[]> {
  const floorMs = rows.find(({ compileCache }) => compileCache)?.listeningMs ?? 0
  const imports: number[] = []
  const stages: (readonly PartOfStart[])[] = []
  for (let round = 0; round < ROUNDS; round++) {
    imports.push(importMs(join(served.source, 'function.js'), env))
    stages.push(await stagesOfFirstCall(world, served, env))
  }
  const importsMs = median(imports)
  const names = [...new Set(stages.flatMap((each) => each.map(({ part }) => part)))]
  return [
    { part: 'Node and functions-framework', ms: floorMs },
    { part: 'imports', ms: importsMs },
    {
      part: 'keys, policy and store, until it listens',
      ms: Math.max(0, (rows.at(-1)?.listeningMs ?? 0) - floorMs - importsMs),
    },
    ...names.map((part) => ({
      part,
      ms: median(stages.map((each) => each.find((other) => other.part === part)?.ms ?? 0)),
    })),
  ]
}

function importMs(file: string, env: NodeJS.ProcessEnv): number {
  const args = ['--input-type=module', '-e', IMPORT, file]
  const said = execFileSync(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] })
  return Number(said.toString())
}

/** The spans of the first call, as it writes them down where somebody debugs. */
async function stagesOfFirstCall(
  world: World,
  served: Served,
  env: NodeJS.ProcessEnv,
): Promise<readonly PartOfStart[]> {
  const debugging = { ...env, SLUICE_LOG_LEVEL: 'debug' }
  const server = await startServer(served, (url) => ({ ...world.env(url), ...debugging }))
  const pool = new Pool(server.url)
  try {
    await askOnce(pool, world.token, { reply: 'reply-1kb', masked: true }, 0)
    // The lines come through a pipe.
    await server.usage()
    const spans = server.said().flatMap(spanOf)
    const nameOf = new Map(spans.map(({ id, part }) => [id, part]))
    const whole = spans.find(({ part }) => part.startsWith('POST /'))
    return spans.flatMap(({ id, part, parent, ms }) => {
      if (id === whole?.id) return []
      const around = parent === whole?.id ? undefined : nameOf.get(parent)
      return [{ part: around === undefined ? part : `– of ${around}: ${part}`, ms }]
    })
  } finally {
    await pool.close()
    await server.stop()
  }
}

interface SpanLine {
  readonly id: string
  readonly parent: string
  readonly part: string
  readonly ms: number
}

function spanOf(line: string): readonly SpanLine[] {
  if (!line.startsWith('{"severity":"DEBUG"')) return []
  const { message, milliseconds, parentSpanId, ...rest } = JSON.parse(line) as Record<
    string,
    unknown
  >
  return [
    {
      id: String(rest['logging.googleapis.com/spanId']),
      parent: String(parentSpanId),
      part: String(message),
      ms: Number(milliseconds),
    },
  ]
}
