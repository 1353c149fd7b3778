import { AsyncLocalStorage } from 'node:async_hooks'
import { setImmediate as settled } from 'node:timers/promises'

import { seal } from '../../shared/recording/log/seal.ts'
import type { SealedLog } from '../../shared/recording/log/sealed-log.ts'
import type { Writer } from '../../shared/recording/writer.ts'
import type { Gate } from './memory-log.ts'
import { type SealingWorld, START, openedWriter, sealingWorld, someEntry } from './sealing-world.ts'

/** What happened in one simulation. */
export interface Simulated {
  readonly world: SealingWorld
  /** How many batches came to count, and how often something was in the way of that. */
  readonly seals: number
  readonly crashes: number
  readonly outages: number
  readonly overtaken: number
  /** What sealers threw that is no outage: there must be nothing. */
  readonly broken: readonly unknown[]
}

/** How long a commit may stay unseen, and how far back sealers look: in simulated milliseconds. */
const UNSEEN_MS = 60
const OVERLAP_MS = 120

/** Something an instance waits for. */
interface Step {
  readonly run: () => unknown
  readonly resolve: (value: unknown) => void
  readonly reject: (cause: unknown) => void
}

/** A running instance. Its next steps happen when the simulation says so; when it is dropped, they never do. */
interface Instance {
  readonly log: SealedLog
  steps: Step[]
  isSealing: boolean
}

class Outage extends Error {}

/**
 * Three instances that seal one log again and again, each step of each at any time or never: killed before or after what
 * it asked for happened, or told of an outage either way; while writers commit entries that are seen late and in
 * another order. Then everything is left to end in peace. `seed` decides everything but the keys.
 */
export async function simulateSealers(seed: number, steps: number): Promise<Simulated> {
  const random = randomFrom(seed)
  const upTo = (n: number) => Math.floor(random() * n)
  const inside = new AsyncLocalStorage<Instance>()
  const gate: Gate = (effect) =>
    new Promise((resolve, reject) => {
      const step: Step = { run: effect, resolve: resolve as (value: unknown) => void, reject }
      const instance = inside.getStore()
      if (instance === undefined) resolve(effect())
      else instance.steps.push(step)
    })
  const unseenFor = () => (random() < 0.3 ? upTo(UNSEEN_MS) * 1000 : 0)
  const world = sealingWorld(gate, unseenFor)
  const limits = {
    batch: { entries: 12, bytes: 1_000_000 },
    overlapMs: OVERLAP_MS,
    openingMs: OVERLAP_MS,
    heartbeatMs: 2_000,
  }
  const writers: Writer[] = [await openedWriter(world, START * 1000)]
  const counts = { crashes: 0, outages: 0, overtaken: 0 }
  const broken: unknown[] = []
  let instances: Instance[] = []
  let nextId = 0

  const start = async (instance: Instance) => {
    instance.isSealing = true
    try {
      const { overtaken } = await seal(instance.log)
      counts.overtaken += overtaken ? 1 : 0
    } catch (cause) {
      if (!(cause instanceof Outage)) broken.push(cause)
    }
    instance.isSealing = false
  }
  const advance = async (instance: Instance, trouble: boolean) => {
    const [step] = instance.steps.splice(upTo(instance.steps.length), 1)
    if (step === undefined) return
    const fate = trouble ? random() : 1
    if (fate < 0.015) {
      counts.crashes += 1
      instances = instances.filter((each) => each !== instance)
      if (random() < 0.5) step.run()
      return
    }
    if (fate < 0.025) {
      counts.outages += 1
      if (random() < 0.5) step.run()
      step.reject(new Outage('the store does not answer'))
    } else {
      step.resolve(step.run())
    }
    await settled()
  }
  const open = () => {
    const at = world.now * 1000
    return openedWriter(world, at, at + unseenFor())
  }
  const commit = () => {
    const writer = writers[upTo(writers.length)]
    if (writer === undefined) return
    const committedAt = world.now * 1000 + upTo(1000)
    const visibleAt = committedAt + unseenFor()
    const stored = someEntry(writer, `configuration~policy~${(nextId += 1)}`, world.now)
    if (random() < 0.02) return // It never becomes durable: a number that nobody finds.
    if (random() < 0.02) stored.stamp.signature.fill(0)
    world.store.keep(stored, committedAt, visibleAt)
  }

  for (let step = 0; step < steps; step += 1) {
    world.now += 1 + upTo(3)
    if (random() < 0.04) commit()
    // oxlint-disable-next-line no-await-in-loop -- one thing after the other is the point
    if (random() < 0.0007) writers.push(await open())
    if (instances.length < 3)
      instances.push({ log: world.sealer({ limits }), steps: [], isSealing: false })
    const instance = instances[upTo(instances.length)]
    if (instance === undefined) continue
    // oxlint-disable-next-line no-await-in-loop
    if (instance.isSealing) await advance(instance, true)
    else if (random() < 0.08) void inside.run(instance, () => start(instance))
  }
  while (instances.some(({ isSealing }) => isSealing))
    // oxlint-disable-next-line no-await-in-loop
    for (const instance of instances) await advance(instance, false)
  const last = world.sealer({ limits })
  // It finds what is left; then what came with that; then that there is nothing.
  for (let time = 0; time < 3; time += 1) {
    world.now += OVERLAP_MS
    // oxlint-disable-next-line no-await-in-loop
    await seal(last).catch((cause: unknown) => broken.push(cause))
  }
  return { world, seals: world.state.writes(), ...counts, broken }
}

/** Numbers from 0 to 1 that follow from the seed. Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
