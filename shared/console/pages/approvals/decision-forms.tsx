import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { Copyable } from '../components/copyable.tsx'
import { PostForm } from '../components/post-form.tsx'
import { places } from '../places.ts'
import { RemarkForm } from './remark-form.tsx'
import { VoteForms } from './vote-forms.tsx'

interface Props {
  readonly approval: ApprovalView
  readonly csrf: string
  /** What the reader wrote before it was refused. */
  readonly written: string | undefined
}

/** A form for everything that the reader may do about a request, and for nothing else. */
export function DecisionForms({ approval, csrf, written }: Props) {
  const { youMay, id, digest } = approval
  const form = { action: places.approval(id), csrf, written }
  return (
    <div class="stack">
      {youMay.length === 0 && <p class="muted">There is nothing for you to decide here.</p>}
      {youMay.includes('vote') && <VoteForms approval={approval} {...form} />}
      {youMay.includes('review') && (
        <RemarkForm
          {...form}
          act="review"
          label="What you found"
          hint="It closes the review, and stays on the record."
          button="Close the review"
        />
      )}
      {youMay.includes('revoke') && !youMay.includes('vote') && <Revoke {...form} />}
      {youMay.includes('revoke') && youMay.includes('vote') && (
        <details>
          <summary>Revoke it, whatever others say</summary>
          <Revoke {...form} />
        </details>
      )}
      {youMay.includes('cancel') && (
        <PostForm action={form.action} csrf={csrf} label="Take your request back">
          <input type="hidden" name="act" value="cancel" />
          <button class="danger">Take your request back</button>
        </PostForm>
      )}
      <p class="muted small">
        A vote counts for exactly what is shown here:{' '}
        <Copyable text={digest} shown={`${digest.slice(0, 16)}…`} what="digest of the request" />
      </p>
    </div>
  )
}

function Revoke(form: Pick<Props, 'csrf' | 'written'> & { readonly action: string }) {
  return (
    <RemarkForm
      {...form}
      act="revoke"
      label="Why it is revoked"
      hint="What runs under it is stopped. Whoever asked is told why."
      button="Revoke"
      isDanger
    />
  )
}
