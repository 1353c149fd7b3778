import type { Ports } from '../../shared/gateway/ports.ts'
import { err } from '../../shared/kernel/result.ts'

/** What goes wrong: a step fails before it did anything or after it did all. */
export interface Fault {
  /** Counted from 0; or the first of this name. */
  readonly at: number | string
  readonly when: 'before' | 'after'
  /** `crash`: nothing works for this instance from then on. `glitch`: this one call only. */
  readonly kind: 'crash' | 'glitch'
}

/** Stands between an instance and the world, and lets it fail wherever a test wants. */
export interface Tripwire {
  /** The same ports, each call of which can fail. */
  readonly guard: (ports: Ports) => Ports
  /** Does a step unless the instance is gone. */
  readonly pass: <T>(step: string, work: () => Promise<T>) => Promise<T>
  /** A new instance in place of the one that is gone; `fault` is what will happen to it. */
  readonly arm: (fault?: Fault) => void
  /** The steps since then that change something, by name. */
  readonly steps: readonly string[]
}

/** Steps that change nothing: to fail at one is to fail after the step before. */
const READS = /\.(find|findByResultTable|get|list|listOpen|listOver|of|boxesOf|read)$/

/** `pause` is waited for before and after each step. */
export function tripwire(pause: () => Promise<void>): Tripwire {
  const steps: string[] = []
  let armed: Fault | undefined
  let isGone = false
  const standing = () => {
    if (isGone) throw new Error('the instance is gone')
  }
  const trip = (fault: Fault, step: string): never => {
    isGone = fault.kind === 'crash'
    throw new Error(`${fault.kind} ${fault.when} ${step}`)
  }

  const pass: Tripwire['pass'] = async (step, work) => {
    standing()
    await pause()
    standing()
    const isRead = READS.test(step)
    const isIt = armed?.at === steps.length || (armed?.at === step && !steps.includes(step))
    const fault = !isRead && isIt ? armed : undefined
    if (!isRead) steps.push(step)
    if (fault?.when === 'before') trip(fault, step)
    const result = await work()
    if (fault?.when === 'after') trip(fault, step)
    await pause()
    standing()
    return result
  }

  const guarded = <P extends object>(name: string, port: P): P =>
    new Proxy(port, {
      get(target, key): unknown {
        const member: unknown = Reflect.get(target, key)
        if (typeof member !== 'function') return member
        return (...args: readonly unknown[]) =>
          pass(`${name}.${String(key)}`, async () => Reflect.apply(member, target, args))
      },
    })

  return {
    pass,
    guard: (ports) => ({
      ...ports,
      entries: guarded('entries', ports.entries),
      jobs: guarded('jobs', ports.jobs),
      grants: guarded('grants', ports.grants),
      usage: guarded('usage', ports.usage),
      publish: (message) => pass('publish', () => ports.publish(message)),
      upstream: async (recorded, limits) => {
        try {
          return await pass(`bigquery ${recorded.call.method}`, () =>
            ports.upstream(recorded, limits),
          )
        } catch {
          return err({ problem: 'upstream-unreachable', mayHaveRun: true })
        }
      },
    }),
    arm: (fault) => {
      steps.length = 0
      armed = fault
      isGone = false
    },
    steps,
  }
}
