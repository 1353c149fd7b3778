import { once } from 'node:events'
import { createServer } from 'node:net'

import { lastEntryAt } from './last-entry.ts'

/** Why a day cannot be seeded here, and the exit code that says so; undefined when it can. */
export async function whyNot(
  state: string,
  {
    day,
    port,
    issuerPort,
    bigqueryPort,
  }: {
    readonly day: string
    readonly port: number
    readonly issuerPort: number
    readonly bigqueryPort: number
  },
): Promise<{ readonly code: 1 | 2 | 3; readonly text: string } | undefined> {
  const start = Date.parse(`${day}T00:00:00Z`)
  if (start + 86_400_000 > Date.now()) return { code: 2, text: `the day is not over: \`${day}\`` }
  for (const each of [port, issuerPort, bigqueryPort])
    // oxlint-disable-next-line no-await-in-loop
    if (!(await isFree(each)))
      return { code: 1, text: `port ${each} is taken; is \`npm start\` running? stop it first` }
  const last = await lastEntryAt(state)
  if (last === undefined || last < start) return undefined
  const until = new Date(last).toISOString()
  return {
    code: 3,
    text: `the record goes up to ${until} already; seed a later day, or another --state`,
  }
}

/** Whether nobody listens there. */
async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
