import { type Principal, principalKey } from '../../identity/principal.ts'
import type { Policy } from '../../policy/policy.ts'
import type { EntryStore } from '../../recording/entry-store.ts'
import { hasRole } from '../admit.ts'
import type { AuditRefusal } from '../audit-refusal.ts'
import type { ExportQuery } from './export-query.ts'

/** Why somebody may export nothing at all. */
export function exporterRefusal(principal: Principal, policy: Policy): AuditRefusal | undefined {
  const isExporter = EXPORTERS.some((role) => hasRole(principal, policy, role))
  return isExporter ? undefined : { problem: 'no-exporter' }
}

const EXPORTERS = ['auditor', 'requester'] as const

/**
 * Why somebody may not export this: auditors may export everything, but private facts only when policy names them
 * private-readers too; requesters what they did themselves, without private facts: those have more than they were told.
 */
export async function exportRefusal(
  entries: Pick<EntryStore, 'get' | 'list'>,
  principal: Principal,
  policy: Policy,
  { scope, withPrivate }: ExportQuery,
): Promise<AuditRefusal | undefined> {
  const session = 'all' in scope ? undefined : scope.session
  if (hasRole(principal, policy, 'auditor')) {
    if (withPrivate && !hasRole(principal, policy, 'private-reader'))
      return { problem: 'no-private-reader' }
    return session === undefined || (await isKnown(entries, session))
      ? undefined
      : { problem: 'no-session' }
  }
  const own = principalKey(principal)
  const asked = 'all' in scope ? undefined : scope.principal
  // What belongs to nobody, or to somebody else, is refused alike: nobody learns what there is.
  const isOwn =
    asked === undefined
      ? session !== undefined && (await ownerOf(entries, session)) === own
      : asked === own
  if (!hasRole(principal, policy, 'requester') || !isOwn) return { problem: 'no-exporter' }
  return withPrivate ? { problem: 'no-private-reader' } : undefined
}

async function isKnown(entries: Pick<EntryStore, 'list'>, session: string): Promise<boolean> {
  const page = await entries.list({ session, limit: 1 })
  return page.ok && page.value.entries.length > 0
}

/** `principalKey` of whose session it is; undefined for one that is not on the record. */
async function ownerOf(
  entries: Pick<EntryStore, 'get'>,
  session: string,
): Promise<string | undefined> {
  const opened = await entries.get(`session~${session}~opened`)
  return opened?.entry.type === 'session-opened' ? principalKey(opened.entry.principal) : undefined
}
