import { gunzipSync } from 'node:zlib'

import { principalKey } from '../../identity/principal.ts'
import type { Holdable } from '../holds/held-by.ts'
import { type Members, canonicalMembers, membersOf } from '../log/members.ts'

const MOST_BYTES = 1024 * 1024 * 1024

/** What holds go by of everything in an archive. Throws for bytes that are none. */
export function archivedHoldables(archive: Uint8Array): readonly Holdable[] {
  const lines = gunzipSync(archive, { maxOutputLength: MOST_BYTES }).toString().split('\n')
  const entries = lines.filter((line) => line !== '').map(entryIn)
  const ofRequests = new Map(
    entries.flatMap((entry) =>
      entry?.get('type') === 'request' ? [[entry.get('call'), entry] as const] : [],
    ),
  )
  return entries.map((entry) => {
    const request = ofRequests.get(entry?.get('call'))
    return {
      session: sessionIn(entry) ?? sessionIn(request),
      principal: principalIn(entry) ?? principalIn(request),
    }
  })
}

/** Undefined for a line of what is no entry. */
function entryIn(line: string): Members | undefined {
  const text = canonicalMembers(Buffer.from(line))?.get('entry')
  return typeof text === 'string' ? canonicalMembers(Buffer.from(text)) : undefined
}

function sessionIn(entry: Members | undefined): string | undefined {
  const session = entry?.get('session')
  const id = membersOf(session)?.get('id') ?? session
  return typeof id === 'string' ? id : undefined
}

function principalIn(entry: Members | undefined): string | undefined {
  const principal = membersOf(entry?.get('principal'))
  const [issuer, subject] = [principal?.get('issuer'), principal?.get('subject')]
  return typeof issuer === 'string' && typeof subject === 'string'
    ? principalKey({ issuer, subject })
    : undefined
}
