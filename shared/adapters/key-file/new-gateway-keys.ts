import { generateKeyPairSync } from 'node:crypto'

/** New keys for the gateway, as `gatewayKeys` reads them: a JWK Set of one private key, EC P-256. */
export function newGatewayKeys(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return JSON.stringify({ keys: [privateKey.export({ format: 'jwk' })] })
}
