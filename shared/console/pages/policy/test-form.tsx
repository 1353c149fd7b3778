import { PostForm } from '../components/post-form.tsx'

/** Cases that a policy is to decide as they say. */
export function TestForm({ csrf, cases }: { readonly csrf: string; readonly cases: string }) {
  return (
    <PostForm action="/console/policy/test" csrf={csrf} label="Test" class="stack">
      <div class="field">
        <label for="cases">A file of cases</label>
        <textarea
          id="cases"
          class="policy"
          name="cases"
          required
          spellcheck={false}
          rows={12}
          aria-describedby="cases-hint"
        >
          {`\n${cases}`}
        </textarea>
        <span class="hint" id="cases-hint">
          As <code>sluice policy test</code> reads it; the policy in force decides, on tables as
          they are now. Nothing runs.
        </span>
      </div>
      <div>
        <button>Test</button>
      </div>
    </PostForm>
  )
}

/** What a file of cases looks like. */
export const EXAMPLE_CASES = `policy: policy.yaml
project: acme
cases:
  - name: analysts see the last four digits
    principal: { groups: [analysts] }
    sql: SELECT name, ssn FROM acme.hospital.patients
    expect:
      decision: permit
      masks: { ssn: LAST_FOUR_CHARACTERS }
`
