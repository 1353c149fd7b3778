import { z } from 'zod'

import { checksumOf, verifyTransfer, wireBytes, wireChecksum } from './checked-bytes.ts'
import type { KmsCall } from './kms-call.ts'

const macReply = z.object({
  mac: wireBytes,
  macCrc32c: wireChecksum,
  verifiedDataCrc32c: z.boolean().optional(),
})

/**
 * HMAC-SHA-256 of a label under a key version of Cloud KMS: 32 bytes that are the same every time, and that nobody has
 * without the key. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys.cryptoKeyVersions/macSign
 */
export async function kmsMac(call: KmsCall, version: string, label: string): Promise<Buffer> {
  const data = Buffer.from(label)
  const { mac, macCrc32c, verifiedDataCrc32c } = await call(`${version}:macSign`, macReply, {
    data: data.toString('base64'),
    dataCrc32c: checksumOf(data),
  })
  verifyTransfer({ heard: [verifiedDataCrc32c], received: [{ bytes: mac, checksum: macCrc32c }] })
  if (mac.length !== 32) throw new Error(`\`${version}\` is no key of algorithm \`HMAC_SHA256\``)
  return mac
}
