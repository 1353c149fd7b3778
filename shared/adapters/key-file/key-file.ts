import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'

import type { GatewayKeys } from '../../identity/signing-key.ts'
import { gatewayKeys } from './gateway-keys.ts'

/**
 * The gateway's keys from a file that nobody else may read, created on the first start. To rotate,
 * put a new JWK in front of the set. Throws when the file is readable to others.
 */
export async function keyFile(path: string): Promise<GatewayKeys> {
  createIfMissing(path)
  // Windows has no such bits.
  if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0)
    throw new Error(`the key file must not be accessible to others (chmod 600): \`${path}\``)
  return gatewayKeys(readFileSync(path, 'utf8'))
}

function createIfMissing(path: string): void {
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const temporary = `${path}.${randomUUID()}`
  const text = JSON.stringify({ keys: [privateKey.export({ format: 'jwk' })] })
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
  try {
    // Of two that start at once, one makes the file and both read it.
    linkSync(temporary, path)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
  } finally {
    rmSync(temporary)
  }
}
