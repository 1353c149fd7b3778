import { createHash, createPublicKey, generateKeyPairSync, hash, sign } from 'node:crypto'

import { z } from 'zod'

import { ok } from '../../shared/kernel/result.ts'
import type { StoredEntry } from '../../shared/recording/entry-store.ts'
import type { PrivateFacts, RecordSecrets } from '../../shared/recording/private-facts.ts'
import { deliveryDigest, openPart, sealPart } from '../../shared/recording/private-part.ts'
import type { WriterAuthority } from '../../shared/recording/writer-certificate.ts'
import { certifiedWriter } from '../../shared/recording/writer.ts'
import type { Writers } from '../../shared/recording/writers.ts'

export const LOG = 'log.example/test'

/** An authority with a key of its own, and its public key. */
export function testAuthority(): WriterAuthority & { readonly publicKey: Buffer } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    id: hash('sha256', publicKey, 'hex'),
    publicKey,
    sign: async (message) => sign('sha256', message, privateKey),
  }
}

const { writer } = await certifiedWriter({
  log: LOG,
  authority: testAuthority(),
  clock: () => 1_790_000_000_000,
  instance: undefined,
})

/** One writer that is open for ever, and leaves no entries of its own. */
export function testWriters(): Writers {
  const quiet = { ...writer, next: 0, missed: () => undefined, takeMissed: () => [] }
  return { log: LOG, use: async (work) => work(quiet), close: async () => undefined }
}

/** Secrets that follow from their ids, so that every test can open what any wrote. */
function testSecrets(): RecordSecrets {
  return {
    current: async (scope) => testSecret(`${'day' in scope ? scope.day : scope.session}.1`),
    find: async (id) => testSecret(id),
    list: async () => [],
    erase: async () => undefined,
  }
}

function testSecret(id: string) {
  return { id, secret: createHash('sha256').update(id).digest() }
}

/** What `Recorder` has besides a store, a clock and randomness. */
export const recorderParts = () => ({
  writers: testWriters(),
  secrets: testSecrets(),
  digestKey: Buffer.alloc(32, 7),
  openSession: async () => ok(undefined),
})

/** An entry's private part under the test secrets. */
export function testPart(id: string, facts: PrivateFacts) {
  return sealPart(id, facts, testSecret('test.1'))
}

const parts = z.object({
  private: z
    .object({ ciphertext: z.string(), commitment: z.string(), key: z.string(), length: z.number() })
    .optional(),
})
const revealed = z.object({
  sql: z.string().optional(),
  parameters: z.json().optional(),
  justification: z.string().optional(),
  detail: z.string().optional(),
  error: z.string().optional(),
  body: z.string().optional(),
  bodySalt: z.string().optional(),
})

/** What an entry keeps in private; nothing for one that keeps nothing. */
export function privateFacts({ entry, ciphertext }: StoredEntry): z.infer<typeof revealed> {
  const { private: part } = parts.parse(entry)
  if (part === undefined || ciphertext === undefined) return {}
  const opened = openPart(entry.id, { part, ciphertext }, testSecret(part.key).secret)
  if (opened === undefined) throw new Error(`not what the tests encrypted \`${entry.id}\``)
  return revealed.parse(JSON.parse(opened.facts))
}

/** The digest by which a delivery that keeps this in private would say that these bytes left. */
export function bodyDigest(
  facts: { readonly bodySalt?: string | undefined } | undefined,
  body: Uint8Array,
) {
  return deliveryDigest(Buffer.from(facts?.bodySalt ?? '', 'base64'), body)
}
