import { usualLimits } from '../../recording/log/sealed-log.ts'
import { RECEIPT_TERM_MS } from '../../recording/receipt.ts'
import type { LogHealth } from '../views/overview-view.ts'
import { type EmptyLog, type LogPorts, type LogSeen, readLog } from './readable-log.ts'

/** How many batches are looked at. */
const BATCHES = 2
/** A minute more than it takes the sealer to make an empty batch, ten times over. */
const STOPPED_MS = usualLimits.heartbeatMs + 10 * 60_000

/** Something that is wrong with a log, and how wrong. */
interface Wrong {
  readonly state: 'behind' | 'broken'
  readonly words: string
}

/**
 * How the log stands: whether anybody can rely on it now, and in words why not. Never rejects: a log that cannot be read is
 * broken, and `onFailure` hears why.
 */
export async function readHealth(
  ports: LogPorts & { readonly onFailure: (cause: unknown) => void },
): Promise<LogHealth> {
  if (ports.log === undefined) return LOG_OFF
  try {
    return healthOf(await readLog(ports, ports.log, BATCHES), ports.clock())
  } catch (cause) {
    ports.onFailure(cause)
    return { state: 'broken', problems: ['the log cannot be read right now'] }
  }
}

/** There is no log. */
export const LOG_OFF: LogHealth = {
  state: 'off',
  problems: ['nothing is sealed here: the environment names no place for the log'],
}

/** What was read of the log says about it, at this time, epoch milliseconds. */
export function healthOf(seen: LogSeen | EmptyLog, now: number): LogHealth {
  const wrong = [...waiting(seen, now), ...('note' in seen ? published(seen, now) : [])]
  const isBroken = wrong.some(({ state }) => state === 'broken')
  const { unsealed, trust } = seen
  return {
    state: isBroken ? 'broken' : wrong.length > 0 ? 'behind' : 'healthy',
    problems: wrong.map(({ words }) => words),
    origin: trust.origin,
    treeSize: 'note' in seen ? seen.size : 0,
    ...('note' in seen && sealed(seen)),
    unsealed: unsealed.count,
    oldestUnsealedAt: unsealed.oldestAt === undefined ? undefined : timeOf(unsealed.oldestAt),
  }
}

/** As anybody may know it: how much is not sealed says how much others do. */
export function publicHealth(health: LogHealth): LogHealth {
  return { ...health, unsealed: undefined, oldestUnsealedAt: undefined }
}

function sealed({ batches, checkpoint, trust }: LogSeen): Partial<LogHealth> {
  const [newest] = batches
  return {
    sealedAt: newest && timeOf(newest.at),
    witnesses: {
      cosigned: checkpoint.ok ? checkpoint.value.cosignatures.length : 0,
      known: trust.witnesses.length,
      quorum: trust.quorum,
    },
  }
}

function waiting({ unsealed: { count, oldestAt } }: LogSeen | EmptyLog, now: number) {
  if (oldestAt === undefined || now - oldestAt <= RECEIPT_TERM_MS) return []
  const minutes = Math.floor((now - oldestAt) / 60_000)
  const many = count === 1 ? 'an entry is' : `${count} entries are`
  return [behind(`${many} not sealed yet, the oldest for ${minutes} minutes; five are promised`)]
}

function published({ checkpoint, batches, trust }: LogSeen, now: number): readonly Wrong[] {
  const [newest, before] = batches
  const invalid = batches.reduce((sum, batch) => sum + batch.invalid.length, 0)
  // A number may be under way when it is missed for the first time.
  const missedBefore = new Set(before?.missing.map(named))
  const missing = newest?.missing.filter((each) => missedBefore.has(named(each))).length ?? 0
  const cosigned = checkpoint.ok ? checkpoint.value.cosignatures.length : 0
  return [
    ...(checkpoint.ok
      ? []
      : [broken(`the published checkpoint cannot be relied on: \`${checkpoint.error}\``)]),
    ...(invalid > 0
      ? [broken(`the newest batches hold ${invalid} things that nobody here wrote`)]
      : []),
    ...(missing > 0 ? [broken(`${missing} entries are missing from what writers numbered`)] : []),
    ...(checkpoint.ok && cosigned < trust.quorum
      ? [behind(`${cosigned} witnesses cosigned the checkpoint, and ${trust.quorum} have to`)]
      : []),
    ...(newest !== undefined && now - newest.at > STOPPED_MS
      ? [behind('no batch was sealed for more than an hour, not even an empty one')]
      : []),
  ]
}

const named = ({ writer, number }: { readonly writer: string; readonly number: number }) =>
  `${writer}/${number}`

const behind = (words: string): Wrong => ({ state: 'behind', words })

const broken = (words: string): Wrong => ({ state: 'broken', words })

function timeOf(at: number): string {
  return new Date(at).toISOString()
}
