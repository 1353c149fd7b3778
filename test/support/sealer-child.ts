import { setTimeout as wait } from 'node:timers/promises'

import { seal } from '../../shared/recording/log/seal.ts'
import { folderLog } from './folder-log.ts'

// Started by a test: seals the log in a folder, and kills itself at a step of that; 0 for none.
const [, , folder = '', last = '0'] = process.argv
let steps = 0

/** The same part, on which the process dies once what it asked for was done for the last time. */
function deadly<T extends object>(part: T): T {
  return new Proxy(part, {
    get: (target, name): unknown => {
      const method: unknown = Reflect.get(target, name)
      if (typeof method !== 'function') return method
      return async (...given: unknown[]): Promise<unknown> => {
        const done: unknown = await Reflect.apply(method, target, given)
        steps += 1
        if (steps !== Number(last)) return done
        process.kill(process.pid, 'SIGKILL')
        return wait(60_000)
      }
    },
  })
}

const { log } = await folderLog(folder)
process.send?.('sealing')
await seal({
  ...log,
  entries: deadly(log.entries),
  objects: deadly(log.objects),
  state: deadly(log.state),
})
process.disconnect()
