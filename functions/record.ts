import { randomBytes } from 'node:crypto'

import { aesWrapKey } from '../shared/adapters/key-file/aes-wrap-key.ts'
import {
  type RecordKeys,
  recordKeyFile,
  recordKeys,
} from '../shared/adapters/key-file/record-keys.ts'
import { registeredConfigurations } from '../shared/adapters/registers/configurations.ts'
import { registeredSecrets } from '../shared/adapters/registers/record-secrets.ts'
import { registeredSessions } from '../shared/adapters/registers/recorded-sessions.ts'
import type { ReadSecret } from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import { err } from '../shared/kernel/result.ts'
import type { Policy } from '../shared/policy/policy.ts'
import type { Configurations } from '../shared/recording/configurations.ts'
import { noteConfiguration } from '../shared/recording/note-configuration.ts'
import type { RecordableSession } from '../shared/recording/recorded-caller.ts'
import type { Recorder } from '../shared/recording/recorder.ts'
import { openRecordedSession } from '../shared/recording/sessions/open-recorded-session.ts'
import type { RecordedSessions } from '../shared/recording/sessions/recorded-sessions.ts'
import { writers } from '../shared/recording/writers.ts'
import { type OnEntry, observed } from './observed.ts'
import { once } from './once.ts'
import type { Store } from './open-store.ts'
import type { KeptAt, Settings } from './settings.ts'

/** What writes the record in this process, whatever the policy. */
export interface RecordParts {
  readonly journal: Omit<Recorder, 'openSession'>
  readonly keys: RecordKeys
  readonly sessions: RecordedSessions
  readonly configurations: Configurations
  /** What writes it under one policy: before the first that is done under it, the record has the policy. */
  under(policy: Policy): Recorder
}

/** The parts of the record that settings and store name. Rejects when its keys cannot be had. */
export async function recordIn(
  settings: Settings,
  parts: {
    readonly store: Store
    readonly readSecret: ReadSecret
    readonly clock: Clock
    readonly onEntry: OnEntry | undefined
  },
): Promise<RecordParts> {
  const { store, clock } = parts
  const { log } = settings
  const keys = await keysOf(settings.recordKeys, log, parts.readSecret)
  const secrets = registeredSecrets(store.registers, {
    wrapKey: aesWrapKey(keys.wrapping),
    clock,
    random: randomBytes,
  })
  const entries = observed(store.entries, secrets, parts.onEntry)
  const instance = process.env['K_REVISION']
  const journal = {
    entries,
    writers: writers({ log, entries, authority: keys.authority, clock, instance }),
    secrets,
    digestKey: keys.digest,
    clock,
    random: randomBytes,
  }
  const configurations = registeredConfigurations(store.registers)
  const sessions = registeredSessions(store.registers)
  const openSession = openRecordedSession(journal, sessions)
  return {
    journal,
    keys,
    sessions,
    configurations,
    under({ digest, text, record: { sessionIdleMs } }) {
      const policy = { what: 'policy', digest, text } as const
      const noted = once(() => noteConfiguration(journal, configurations, policy))
      return {
        ...journal,
        openSession: async (session: RecordableSession) => {
          try {
            await noted()
          } catch (cause) {
            return err({ problem: 'store-unavailable', cause })
          }
          return openSession(session, sessionIdleMs)
        },
      }
    },
  }
}

async function keysOf(at: KeptAt, origin: string, readSecret: ReadSecret): Promise<RecordKeys> {
  if (at.kind === 'file') return recordKeyFile(at.name, origin)
  const { payload } = await readSecret(at.name)
  return recordKeys(payload.reveal().toString('utf8'), origin)
}
