/** What somebody wrote into a form that was not taken. */
export interface Written {
  readonly from?: string
  readonly to?: string
  readonly query?: string
  readonly findings?: string
}

/** The verdict of a reviewer, and their words: in clear, and the form says so. */
export function FindingFields({ written }: { readonly written: Written }) {
  return (
    <>
      <fieldset>
        <legend>Verdict</legend>
        <div class="row">
          <label class="check">
            <input type="radio" name="verdict" value="nothing-found" required /> Nothing found
          </label>
          <label class="check">
            <input type="radio" name="verdict" value="findings" /> Findings
          </label>
        </div>
      </fieldset>
      <div class="field">
        <label for="findings">Findings</label>
        <textarea id="findings" name="findings" maxlength={4000} aria-describedby="findings-hint">
          {written.findings ?? ''}
        </textarea>
        <span class="hint" id="findings-hint">
          Kept in clear for as long as the record is, under your name; nobody changes or takes it
          back. Name calls and sessions, and no patient or value that was read. At most 4,000
          characters.
        </span>
      </div>
    </>
  )
}
