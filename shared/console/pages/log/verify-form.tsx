import { PostForm } from '../components/post-form.tsx'
import { verifySpans } from './verify-spans.ts'

/** Asks for a part of the record to be verified while the reader waits. */
export function VerifyForm({ csrf }: { readonly csrf: string }) {
  return (
    <PostForm action="/console/log/verify" csrf={csrf} class="stack">
      <div class="field">
        <label for="span">What was committed in</label>
        <select id="span" name="span">
          {verifySpans.map(({ id, words }) => (
            <option value={id}>{words}</option>
          ))}
        </select>
        <span class="hint" id="verify-hint">
          By the same code as <code>sluice verify</code>, within 20 seconds. The answer says what
          was looked at, and that you asked is on the record.
        </span>
      </div>
      <button type="submit" class="primary" aria-describedby="verify-hint">
        Verify now
      </button>
    </PostForm>
  )
}
