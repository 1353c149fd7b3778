import type { KeyObject } from 'node:crypto'

import { readCertificate } from '../../recording/bundle/certificate.ts'
import type { Trust } from '../../recording/bundle/trust.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import { openedId } from '../../recording/log/open-writer.ts'
import { decodeBase64 } from '../../tlog/base64.ts'
import { ed25519PublicKey } from '../../tlog/ed25519.ts'

/**
 * The key that somebody trusted says a writer signs with; undefined when nobody does. Each writer is looked up once.
 * Rejects when the store cannot be read.
 */
export function writerKeys(
  entries: Pick<EntryStore, 'get'>,
  { origin, authorities }: Pick<Trust, 'origin' | 'authorities'>,
): (writer: string) => Promise<KeyObject | undefined> {
  const known = new Map<string, Promise<KeyObject | undefined>>()
  return (writer) => {
    const finding = known.get(writer) ?? find(writer)
    known.set(writer, finding)
    return finding
  }

  async function find(writer: string): Promise<KeyObject | undefined> {
    const opened = await entries.get(openedId(writer))
    if (opened?.entry.type !== 'writer-opened') return undefined
    const certificate = readCertificate(opened.entry, { log: origin, authorities })
    const raw =
      certificate.ok && certificate.value.id === writer
        ? decodeBase64(certificate.value.publicKey)
        : undefined
    return raw && ed25519PublicKey(raw)
  }
}
