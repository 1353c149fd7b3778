import type { Grant, GrantEvent, Voter } from '../../approval/grant.ts'

/** Longer words of an approver belong in a talk. */
const MOST_CHARACTERS = 500

/** Why a held query does not run, for who asked: who decided, why, and what to do. Never which rule, nor what it says. */
export function notApprovedWords(grant: Grant | undefined): {
  readonly reason: 'accessDenied' | 'stopped'
  readonly message: string
} {
  const end = grant?.events.find(isFinal)
  if (grant === undefined || end === undefined)
    return no('this needs approval, and nobody could be asked; ask again')
  switch (end.type) {
    case 'denied':
      return no(
        `${name(end.by)} denied this query: ${quoted(end.reason)}; change it, or talk to them before you ask again`,
      )
    case 'revoked': {
      const did = wasApproved(grant) ? 'took the approval of this query back' : 'stopped this query'
      return no(`${name(end.by)} ${did}: ${quoted(end.reason)}; talk to them before you ask again`)
    }
    case 'cancelled':
      return {
        reason: 'stopped',
        message: 'Job execution was cancelled: User requested cancellation',
      }
    case 'expired': {
      const when = `${new Date(end.at).toISOString().slice(0, 16)}Z`
      return no(
        wasApproved(grant)
          ? `this query was approved, but had not started by ${when}; ask again`
          : `nobody who may approve this query decided by ${when}; ask again, or ask them first`,
      )
    }
    case 'not-started':
      return no(`this query was approved, but did not run: ${end.reason}; ask again`)
  }
}

const wasApproved = ({ events }: Grant): boolean => events.some(({ type }) => type === 'approved')

type Final = Extract<
  GrantEvent,
  { type: 'denied' | 'revoked' | 'cancelled' | 'expired' | 'not-started' }
>

const FINAL: readonly GrantEvent['type'][] = [
  'denied',
  'revoked',
  'cancelled',
  'expired',
  'not-started',
]

function isFinal(event: GrantEvent): event is Final {
  return FINAL.includes(event.type)
}

const no = (message: string) =>
  ({ reason: 'accessDenied', message: `Access Denied: ${message}` }) as const

/** People read it in terminals: no control or direction characters of whoever wrote it. */
function quoted(reason: string): string {
  const plain = reason.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ').trim()
  return `“${plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain}”`
}

const name = ({ email, subject }: Voter): string => email ?? subject
