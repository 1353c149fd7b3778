import type { RetentionTerms } from '../../policy/record-terms.ts'
import type { EntryStore } from '../entry-store.ts'
import { listIn, membersOf, readMembers, textIn } from '../log/members.ts'
import type { ReadEntry } from '../log/read-entry.ts'
import type { ClassesOf } from '../log/sealed-log.ts'
import {
  type Classified,
  LOG_CLASS,
  RECORD_CLASS,
  classOfCall,
  isOfLog,
  retentionClassOf,
} from './retention-class.ts'

/**
 * `ClassesOf` by the terms in force. It never rejects, so that nothing keeps the log from being sealed: what belongs to a
 * call whose request cannot be read is archived with what is kept as long as anything.
 */
export function retentionClasses(
  entries: Pick<EntryStore, 'get'>,
  terms: () => RetentionTerms,
): ClassesOf {
  return async (batch) => {
    const now = terms()
    const ofRequests = new Map<string, string>()
    for (const each of batch)
      if (each.type === 'request') ofRequests.set(each.raw.id, ownClass(each, now) ?? RECORD_CLASS)
    const classes: string[] = []
    for (const each of batch) {
      const own = ownClass(each, now)
      const request = requestIdOf(each)
      if (own !== undefined || request === undefined) classes.push(own ?? RECORD_CLASS)
      else {
        // oxlint-disable-next-line no-await-in-loop -- few calls began before the batch
        const found = ofRequests.get(request) ?? (await storedClass(entries, request, now))
        ofRequests.set(request, found)
        classes.push(found)
      }
    }
    return classes
  }
}

async function storedClass(
  entries: Pick<EntryStore, 'get'>,
  request: string,
  terms: RetentionTerms,
): Promise<string> {
  try {
    const entry = (await entries.get(request))?.entry
    return entry === undefined ? RECORD_CLASS : retentionClassOf(entry, undefined, terms)
  } catch {
    return RECORD_CLASS
  }
}

/** The class that an entry says by itself, if it does. */
function ownClass({ type, members }: ReadEntry, terms: RetentionTerms): string | undefined {
  if (isOfLog(type)) return LOG_CLASS
  if (type !== 'request' && type !== 'refusal') return undefined
  const classified = readMembers(members, (all): Classified => {
    const tables = [...listIn(all, 'tables', String), ...listIn(all, 'targets', String)]
    if (type === 'refusal') return { effect: 'deny', tables }
    const decision = textIn(membersOf(all.get('decision')) ?? new Map(), 'effect')
    return { effect: decision === 'permit' ? 'permit' : 'require-approval', tables }
  })
  return classified === undefined ? RECORD_CLASS : classOfCall(classified, terms)
}

function requestIdOf({ members }: ReadEntry): string | undefined {
  const call = members.get('call')
  return typeof call === 'string' ? `${call}~request` : undefined
}
