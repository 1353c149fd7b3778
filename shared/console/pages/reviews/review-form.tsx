import { PostForm } from '../components/post-form.tsx'
import { FindingFields, type Written } from './finding-fields.tsx'

/** Says that its reader has reviewed a part of the record. */
export function ReviewForm({
  csrf,
  written,
}: {
  readonly csrf: string
  readonly written: Written
}) {
  return (
    <PostForm action="/console/reviews" csrf={csrf} class="stack">
      <div class="fields">
        <div class="field">
          <label for="from">From</label>
          <input id="from" name="from" type="date" required value={written.from} />
        </div>
        <div class="field">
          <label for="to">To, that day included</label>
          <input id="to" name="to" type="date" required value={written.to} />
        </div>
      </div>
      <div class="field">
        <label for="query">What of it</label>
        <input
          id="query"
          name="query"
          value={written.query}
          maxlength={4000}
          placeholder="column=patients.ssn&decision=permit"
          aria-describedby="query-hint"
        />
        <span class="hint" id="query-hint">
          The filters of a search, as they stand in its address; nothing for everything. Days are
          UTC.
        </span>
      </div>
      <FindingFields written={written} />
      <button type="submit" class="primary">
        Sign this review
      </button>
    </PostForm>
  )
}
