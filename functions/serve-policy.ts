import { notReadyApp } from '../shared/gateway/not-ready-app.ts'
import { type Result, err, ok } from '../shared/kernel/result.ts'
import type { Policy } from '../shared/policy/policy.ts'
import { type Content, type FollowOptions, followFile } from './follow-file.ts'
import { failureFields, log } from './log.ts'
import { readPolicy } from './read-policy.ts'
import { replaceable } from './replaceable.ts'
import type { Gateway } from './wiring.ts'

/** Everything of the gateway that does not depend on policy, and what makes the rest. */
export interface World {
  /** What serves under this policy, with its own trust and credentials. */
  readonly under: (policy: Policy) => Gateway
  close(): Promise<void>
}

/**
 * Serves under the policy in `file`, whatever it says at the moment. A request has one policy from its
 * start to its end. A file that is refused changes nothing: the last good policy stays in force, and
 * the log says everything that is wrong; before the first good one all that is served is 503.
 */
export async function servePolicy(
  file: string,
  world: World,
  options: FollowOptions = {},
): Promise<Gateway> {
  const epochs = replaceable(refusing(['there is no policy yet']), (epoch) => epoch.close())
  let inForce: string | undefined
  let refused = false

  const take = (content: Content): void => {
    const epoch = epochOf(content)
    if (epoch.ok) {
      const { policyDigest, gateway } = epoch.value
      if (refused || inForce !== undefined) log('INFO', 'the policy is in force', { policyDigest })
      if (policyDigest !== inForce) epochs.replace(gateway)
      inForce = policyDigest
    } else if (inForce === undefined) {
      epochs.replace(refusing(epoch.error))
      log('ERROR', 'the gateway cannot serve', { reasons: epoch.error })
    } else {
      log('ERROR', LAST_GOOD_STAYS, { reasons: epoch.error, policyDigest: inForce })
    }
    refused = !epoch.ok
  }
  const epochOf = (content: Content): Result<Epoch, readonly string[]> => {
    if ('unreadable' in content) return err([content.unreadable])
    const policy = readPolicy(content.bytes, file)
    if (!policy.ok) return policy
    try {
      return ok({ policyDigest: policy.value.digest, gateway: world.under(policy.value) })
    } catch (cause) {
      const { error, at } = failureFields(cause)
      return err([`the policy cannot be served: \`${error}\` ${at}`])
    }
  }

  const followed = await followFile(file, take, options)
  return {
    fetch: async (request, env) => {
      await followed.catchUp()
      return epochs.use((epoch) => epoch.fetch(request, env))
    },
    desk: (work) =>
      epochs.use(async (epoch) => {
        if (epoch.desk === undefined) throw new Error('there is no policy to act under')
        return epoch.desk(work)
      }),
    close: async () => {
      followed.close()
      await epochs.close()
      await world.close()
    },
  }
}

/** What serves under one policy. */
interface Epoch {
  readonly policyDigest: string
  readonly gateway: Gateway
}

const LAST_GOOD_STAYS = 'the policy file is refused; the last good policy stays in force'

/** What serves nobody, and tells the platform these reasons. */
export function refusing(reasons: readonly string[]): Gateway {
  const app = notReadyApp(reasons)
  return { fetch: (request) => app.fetch(request), close: () => Promise.resolve() }
}
