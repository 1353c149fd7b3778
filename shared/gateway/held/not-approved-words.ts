import type { Grant, GrantEvent, Voter } from '../../approval/grant.ts'

/** Longer words of an approver belong in a talk. */
const MOST_CHARACTERS = 500

/** Why a held query does not run, for who asked: who decided, why, and what to do. Never which rule, nor what it says. */
export function notApprovedWords(grant: Grant | undefined): {
  readonly reason: 'accessDenied' | 'stopped'
  readonly message: string
} {
  const last = grant?.events.findLast(isFinal)
  if (grant === undefined || last === undefined)
    return no('this needs approval, and nobody could be asked; ask again')
  switch (last.type) {
    case 'denied':
      return no(
        `${name(last.by)} denied this query: ${quoted(last.reason)}; change it, or talk to them before you ask again`,
      )
    case 'revoked':
      return no(
        `${name(last.by)} took the approval of this query back: ${quoted(last.reason)}; talk to them before you ask again`,
      )
    case 'cancelled':
      return {
        reason: 'stopped',
        message: 'Job execution was cancelled: User requested cancellation',
      }
    case 'expired': {
      const approved = grant.events.some(({ type }) => type === 'approved')
      const when = `${new Date(last.at).toISOString().slice(0, 16)}Z`
      return no(
        approved
          ? `this query was approved, but had not started by ${when}; ask again`
          : `nobody who may approve this query decided by ${when}; ask again, or ask them first`,
      )
    }
    case 'not-started':
      return no(`this query was approved, but did not run: ${last.reason}; ask again`)
  }
}

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
