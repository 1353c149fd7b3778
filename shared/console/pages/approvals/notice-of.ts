import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { nameOfPerson } from './approval-words.ts'

/** What the page says of what somebody just did. */
export interface Notice {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly words: string
  /** What they wrote, so that they need not write it again. */
  readonly written?: string
}

/**
 * What to say of what somebody did just now, by the `did` that `decide` led them back with. Anybody can make somebody follow
 * a link that says so: nothing is said that the request itself does not bear out.
 */
export function noticeOf(
  did: string | undefined,
  approval: ApprovalView,
  viewerName: string,
): Notice | undefined {
  const notice = did === undefined ? undefined : notices[did]
  return notice?.isSo(approval, viewerName) === true ? notice : undefined
}

type Claim = (approval: ApprovalView, viewerName: string) => boolean

const voted =
  (verdict: 'approve' | 'deny'): Claim =>
  ({ votes }, name) =>
    votes.some((vote) => vote.verdict === verdict && nameOfPerson(vote.by) === name)

const happened =
  (type: string): Claim =>
  ({ history }, name) =>
    history.some(
      (event) => event.type === type && (event.by === undefined || nameOfPerson(event.by) === name),
    )

const notices: Readonly<Record<string, Notice & { readonly isSo: Claim }>> = {
  approve: {
    tone: 'good',
    words: 'Your yes counts, and is on the record.',
    isSo: voted('approve'),
  },
  deny: {
    tone: 'good',
    words: 'Your no counts, and is on the record. It will not run.',
    isSo: voted('deny'),
  },
  revoke: {
    tone: 'good',
    words: 'It is revoked. What ran under it is stopped.',
    isSo: happened('revoked'),
  },
  review: { tone: 'good', words: 'Your review is on the record.', isSo: happened('reviewed') },
  cancel: {
    tone: 'good',
    words: 'Your request is taken back. It will not run.',
    isSo: happened('cancelled'),
  },
  'on-its-way': {
    tone: 'warn',
    words:
      'A vote of yours may be on its way: what counts is below. Load the page again in a moment.',
    isSo: ({ youMay }) => youMay.includes('vote'),
  },
}
