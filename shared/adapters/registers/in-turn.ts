/** Longer nobody waits: whoever is before them may be waiting for a store that is down. */
const LONGEST_WAIT_MS = 5_000

const queues = new WeakMap<object, Map<string, Promise<unknown>>>()

/** Does things of one name one after the other, as far as they are done in this process, by this `owner`. */
export function inTurn<T>(owner: object, name: string, work: () => Promise<T>): Promise<T> {
  const queue = queues.get(owner) ?? new Map<string, Promise<unknown>>()
  queues.set(owner, queue)
  const before = queue.get(name)
  const done = before === undefined ? work() : ended(before).then(work)
  queue.set(name, done)
  const leave = () => {
    if (queue.get(name) === done) queue.delete(name)
  }
  done.then(leave, leave)
  return done
}

/** Once it has ended in whichever way, or has taken too long. */
async function ended(before: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS)
  })
  await Promise.race([before.catch(() => undefined), late])
  clearTimeout(timer)
}
