import type { ApprovalView } from '../../../approval-desk/api/approval-view.ts'
import { PostForm } from '../components/post-form.tsx'
import { type Choice, boxChoices } from './box-choices.ts'
import { RemarkForm } from './remark-form.tsx'

interface Props {
  readonly approval: ApprovalView
  readonly action: string
  readonly csrf: string
  readonly written: string | undefined
}

const MOST = 1_000

/** Yes, or no with a reason. Both carry the digest of the request as it is shown, so that they count for nothing else. */
export function VoteForms({ approval, action, csrf, written }: Props) {
  const box = boxChoices(approval)
  return (
    <>
      <PostForm action={action} csrf={csrf} label="Approve" class="stack">
        <input type="hidden" name="act" value="approve" />
        <input type="hidden" name="digest" value={approval.digest} />
        {box && <Scope durations={box.durations} sizes={box.sizes} />}
        <div class="field">
          <label for="approve-reason">
            A word with it <span class="muted">(if you like)</span>
          </label>
          <input id="approve-reason" name="reason" maxlength={MOST} autocomplete="off" />
        </div>
        <button class="primary">Approve</button>
      </PostForm>
      <RemarkForm
        action={action}
        csrf={csrf}
        act="deny"
        digest={approval.digest}
        label="Why not"
        hint="Whoever asked is told why."
        button="Deny"
        isDanger
        written={written}
      />
    </>
  )
}

/** This query only, or others of its kind on the same tables for a while. */
function Scope({
  durations,
  sizes,
}: {
  readonly durations: readonly Choice[]
  readonly sizes: readonly Choice[]
}) {
  return (
    <fieldset class="scope">
      <legend>What you approve</legend>
      <label class="check">
        <input type="radio" name="scope" value="query" checked /> this query, once
      </label>
      <label class="check">
        <input type="radio" name="scope" value="box" /> it, and others of its kind on the same
        tables
      </label>
      <div class="row box">
        <Select name="duration" label="for" choices={durations} />
        <Select name="maximumBytes" label="and at most" choices={sizes} />
      </div>
    </fieldset>
  )
}

function Select({
  name,
  label,
  choices,
}: {
  readonly name: string
  readonly label: string
  readonly choices: readonly Choice[]
}) {
  return (
    <span class="row">
      <label for={`box-${name}`}>{label}</label>
      <select id={`box-${name}`} name={name}>
        {choices.map((choice) => (
          <option value={choice.value}>{choice.label}</option>
        ))}
      </select>
    </span>
  )
}
