import type { GatewayKeys } from '../../identity/signing-key.ts'
import { gatewayKeys } from './gateway-keys.ts'
import { newGatewayKeys } from './new-gateway-keys.ts'
import { privateFile } from './private-file.ts'

/**
 * The gateway's keys from a file that nobody else may read, created on the first start. To rotate,
 * put a new JWK in front of the set. Throws when the file is readable to others.
 */
export async function keyFile(path: string): Promise<GatewayKeys> {
  return gatewayKeys(privateFile(path, newGatewayKeys))
}
