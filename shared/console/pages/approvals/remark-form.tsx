import { PostForm } from '../components/post-form.tsx'

const MOST = 1_000

interface Props {
  readonly action: string
  readonly csrf: string
  /** What the form is for, as `readAct` knows it. */
  readonly act: 'deny' | 'revoke' | 'review'
  /** Of the request that is shown; for votes. */
  readonly digest?: string
  readonly label: string
  readonly hint: string
  readonly button: string
  readonly isDanger?: boolean
  readonly written: string | undefined
}

/** A form that needs somebody's words. */
export function RemarkForm(props: Props) {
  const { action, csrf, act, digest, label, hint, button, isDanger, written } = props
  return (
    <PostForm action={action} csrf={csrf} label={button} class="stack remark">
      <input type="hidden" name="act" value={act} />
      {digest !== undefined && <input type="hidden" name="digest" value={digest} />}
      <div class="field">
        <label for={`${act}-reason`}>{label}</label>
        <textarea
          id={`${act}-reason`}
          name="reason"
          required
          maxlength={MOST}
          rows={2}
          aria-describedby={`${act}-hint`}
        >
          {written ?? ''}
        </textarea>
        <span class="hint" id={`${act}-hint`}>
          {hint}
        </span>
      </div>
      <button class={isDanger === true ? 'danger' : 'primary'}>{button}</button>
    </PostForm>
  )
}
