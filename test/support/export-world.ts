import { randomBytes } from 'node:crypto'

import { aesWrapKey } from '../../shared/adapters/key-file/aes-wrap-key.ts'
import { registeredSecrets } from '../../shared/adapters/registers/record-secrets.ts'
import { registeredSessions } from '../../shared/adapters/registers/recorded-sessions.ts'
import { sqliteStore } from '../../shared/adapters/sqlite/sqlite-store.ts'
import type { BundleLine } from '../../shared/recording/bundle/bundle-line.ts'
import { parseLine } from '../../shared/recording/bundle/parse-line.ts'
import type { Trust } from '../../shared/recording/bundle/trust.ts'
import { verifyBundle } from '../../shared/recording/bundle/verify-bundle.ts'
import { newCallId } from '../../shared/recording/call-id.ts'
import { type BundleRequest, bundleLines } from '../../shared/recording/export/bundle-lines.ts'
import type { ExportPorts } from '../../shared/recording/export/export-ports.ts'
import { exportedTree } from '../../shared/recording/export/exported-tree.ts'
import { seal } from '../../shared/recording/log/seal.ts'
import { recordOutcome } from '../../shared/recording/record-outcome.ts'
import { recordAnonymousRefusal, recordRefusal } from '../../shared/recording/record-refusal.ts'
import { recordRequest } from '../../shared/recording/record-request.ts'
import { closeSessions } from '../../shared/recording/sessions/close-sessions.ts'
import { openRecordedSession } from '../../shared/recording/sessions/open-recorded-session.ts'
import { writers } from '../../shared/recording/writers.ts'
import type { Session } from '../../shared/session/session.ts'
import { sampleDelivered, sampleFacts, samplePermit, sampleSession } from './sample-entries.ts'
import { ORIGIN, authority, authorityKey, logSigners, sealingWorld } from './sealing-world.ts'

/** What a verifier of these exports trusts. */
export const exportTrust: Trust = {
  origin: ORIGIN,
  keys: [logSigners.ed25519.key, logSigners.p256.key],
  witnesses: [],
  quorum: 0,
  authorities: [
    {
      id: authority.id,
      publicKey: authorityKey.export({ format: 'der', type: 'spki' }).toString('base64'),
      from: undefined,
      until: undefined,
    },
  ],
}

const IDLE_MS = 60_000

const rethrow = (cause: unknown) => {
  throw cause
}

/** A record with everything real but the cloud: entries in SQLite, objects of the log in memory. */
export function exportWorld() {
  const store = sqliteStore(':memory:')
  const sealing = sealingWorld()
  const secrets = registeredSecrets(store.registers, {
    wrapKey: aesWrapKey(randomBytes(32)),
    clock: Date.now,
    random: randomBytes,
  })
  const { entries } = store
  const newWriters = () =>
    writers({ log: ORIGIN, entries, authority, clock: Date.now, instance: undefined })
  const sessions = registeredSessions(store.registers)
  const journal = { entries, writers: newWriters(), clock: Date.now }
  const open = openRecordedSession(journal, sessions)
  const recorder = {
    ...journal,
    secrets,
    digestKey: randomBytes(32),
    random: (bytes: number) => randomBytes(bytes),
    openSession: (session: Parameters<typeof open>[0]) => open(session, IDLE_MS),
  }
  const log = sealing.sealer({ entries, writers: newWriters(), clock: Date.now })
  const ports: ExportPorts = { entries, objects: sealing.objects, secrets, clock: Date.now }
  const world = {
    ports,
    recorder,
    secrets,
    store,
    objects: sealing.objects,
    seal: () => seal(log),
    /** A call of somebody, with what is left of it. */
    call: async (session: Session = sampleSession(), outcome: 'released' | 'none' = 'released') => {
      const callId = newCallId(randomBytes)
      const startedAt = Date.now()
      const recorded = await recordRequest(recorder, {
        callId,
        permit: samplePermit(),
        connection: 'main',
        session,
        facts: sampleFacts,
      })
      if (!recorded.ok) throw new Error('not recorded')
      if (outcome === 'none') return callId
      const ended = await recordOutcome(recorder, {
        recorded: recorded.value,
        session,
        startedAt,
        results: 'masked',
        outcome,
        delivery: sampleDelivered,
        credentialVersion: '7',
      })
      if (!ended.ok) throw new Error('not recorded')
      return callId
    },
    refusal: async (session: Session = sampleSession()) => {
      const written = await recordRefusal(recorder, {
        facts: { ...sampleFacts, tables: [] },
        session,
        problem: 'denied',
        detail: 'a detail that the caller was not told',
        decision: undefined,
        source: { address: '192.0.2.9', userAgent: undefined },
      })
      if (!written.ok) throw new Error('not recorded')
      return written.value.entry.call ?? ''
    },
    /** Somebody without a token, from nowhere. */
    anonymous: () =>
      recordAnonymousRefusal(
        recorder,
        { take: () => ({ unrecorded: 0 }), giveBack: () => {} },
        {
          facts: { ...sampleFacts, tables: [], projectId: undefined, strippedSql: undefined },
          session: undefined,
          problem: 'token-missing',
          detail: '',
          decision: undefined,
          source: { address: undefined, userAgent: undefined },
        },
      ),
    closeSessions: () => {
      const later = { ...recorder, clock: () => Date.now() + 2 * IDLE_MS }
      return closeSessions({ recorder: later, sessions, onTrouble: rethrow, idleMs: IDLE_MS })
    },
    export: async (request: Partial<BundleRequest>, changed: Partial<ExportPorts> = {}) => {
      const now = { ...ports, ...changed }
      const tree = await exportedTree(now)
      if (tree === undefined) throw new Error('nothing is sealed')
      const parts: Buffer[] = []
      const wanted = {
        scope: { all: true },
        withPrivate: false,
        previous: undefined,
        ...request,
      } as const
      for await (const line of bundleLines(now, tree, wanted)) parts.push(line)
      return Buffer.concat(parts)
    },
  }
  return world
}

export type ExportWorld = ReturnType<typeof exportWorld>

/** What a verifier says of a bundle. */
export async function verdictOn(bundle: Buffer, previous?: Buffer) {
  const report = await verifyBundle(
    (async function* () {
      yield bundle
    })(),
    { trust: exportTrust, previous, now: Date.now(), threads: 0 },
  )
  if (!report.ok) throw new Error(report.error.words)
  return report.value
}

/** The lines of a bundle. */
export function linesOf(bundle: Buffer): readonly BundleLine[] {
  return bundle
    .toString()
    .trimEnd()
    .split('\n')
    .map((text) => {
      const line = parseLine(text)
      if (line === undefined) throw new Error(`no line of a bundle: ${text.slice(0, 80)}`)
      return line
    })
}
