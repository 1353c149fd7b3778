import { hash, randomBytes } from 'node:crypto'

import { googleOwnIdentity } from '../shared/adapters/bigquery/google-own-identity.ts'
import { recordKeyFile, recordKeys } from '../shared/adapters/key-file/record-key-file.ts'
import { kmsCall } from '../shared/adapters/kms/kms-call.ts'
import { kmsRecordKeys } from '../shared/adapters/kms/kms-record-keys.ts'
import type { RecordKeys } from '../shared/adapters/record-keys.ts'
import { registeredConfigurations } from '../shared/adapters/registers/configurations.ts'
import { registeredSecrets } from '../shared/adapters/registers/record-secrets.ts'
import { registeredSessions } from '../shared/adapters/registers/recorded-sessions.ts'
import type { ReadSecret } from '../shared/adapters/secret-manager/secret-manager-reader.ts'
import type { Clock } from '../shared/kernel/clock.ts'
import { err } from '../shared/kernel/result.ts'
import type { KillSwitch } from '../shared/policy/kill-switch.ts'
import type { Policy } from '../shared/policy/policy.ts'
import type { Configurations } from '../shared/recording/configurations.ts'
import { noteConfiguration } from '../shared/recording/note-configuration.ts'
import type { RecordableSession } from '../shared/recording/recorded-caller.ts'
import type { Recorder } from '../shared/recording/recorder.ts'
import { closeSessions } from '../shared/recording/sessions/close-sessions.ts'
import { openRecordedSession } from '../shared/recording/sessions/open-recorded-session.ts'
import type { RecordedSessions } from '../shared/recording/sessions/recorded-sessions.ts'
import { writers } from '../shared/recording/writers.ts'
import { failureFields, log } from './log.ts'
import { type OnEntry, observed } from './observed.ts'
import { once } from './once.ts'
import type { Store } from './open-store.ts'
import type { Settings } from './settings.ts'

/** What writes the record in this process, whatever the policy. */
export interface RecordParts {
  readonly journal: Omit<Recorder, 'openSession'>
  readonly keys: RecordKeys
  readonly sessions: RecordedSessions
  readonly configurations: Configurations
  /** Closes the sessions that were idle for so long as policy says. Rejects when the store cannot be reached. */
  closeSessions(policy: Policy): Promise<void>
  /** Puts kill switches on the record that are not there yet. Rejects likewise. */
  noteSwitches(switches: readonly KillSwitch[]): Promise<void>
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
  const { log: origin } = settings
  const keys = await keysOf(settings.recordKeys, origin, parts.readSecret)
  const secrets = registeredSecrets(store.registers, {
    wrapKey: keys.wrapKey,
    clock,
    random: randomBytes,
  })
  const entries = observed(store.entries, secrets, parts.onEntry)
  const instance = process.env['K_REVISION']
  const journal = {
    entries,
    writers: writers({ log: origin, entries, authority: keys.authority, clock, instance }),
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
    closeSessions: ({ record: { sessionIdleMs: idleMs } }) =>
      closeSessions({ recorder: journal, sessions, idleMs, onTrouble }),
    noteSwitches: async (switches) => {
      const text = JSON.stringify(switches)
      const digest = hash('sha256', text, 'hex')
      const isFirst = (await configurations.find('kill-switch')) === undefined
      if (isFirst && switches.length === 0) return
      await noteConfiguration(journal, configurations, { what: 'kill-switch', digest, text })
    },
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

function onTrouble(cause: unknown): void {
  log('WARNING', 'a session could not be closed, and is tried again', failureFields(cause))
}

async function keysOf(
  at: Settings['recordKeys'],
  origin: string,
  readSecret: ReadSecret,
): Promise<RecordKeys> {
  if (at.kind === 'file') return recordKeyFile(at.name, origin)
  if (at.kind === 'kms')
    return kmsRecordKeys(kmsCall({ ownIdentity: googleOwnIdentity() }), at.name, origin)
  const { payload } = await readSecret(at.name)
  return recordKeys(payload.reveal().toString('utf8'), origin)
}
