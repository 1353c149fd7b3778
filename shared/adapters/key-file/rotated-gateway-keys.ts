import { z } from 'zod'

import { gatewayKeys } from './gateway-keys.ts'
import { newGatewayKeys } from './new-gateway-keys.ts'

const KeySet = z.looseObject({ keys: z.array(z.unknown()) })

/**
 * The keys in `text` with a new one in front, as a JWK Set: the new one signs, tokens of the others hold until they expire.
 * Rejects as `gatewayKeys` does, in words that have nothing of the keys.
 */
export async function rotatedGatewayKeys(text: string): Promise<string> {
  await gatewayKeys(text)
  const before: unknown = JSON.parse(text)
  const set = KeySet.safeParse(before)
  const fresh = KeySet.parse(JSON.parse(newGatewayKeys()))
  return JSON.stringify({ keys: [...fresh.keys, ...(set.success ? set.data.keys : [before])] })
}
