import { PostForm } from '../components/post-form.tsx'

/** How far back what-if can look, as the form offers it: name, days. */
const periods = [
  ['1', 'the last day'],
  ['7', 'the last 7 days'],
  ['30', 'the last 30 days'],
  ['90', 'the last 90 days'],
] as const

interface Props {
  readonly csrf: string
  readonly policy: string
  readonly days: string
}

/** Another policy, to be tried on recorded calls. */
export function TryForm({ csrf, policy, days }: Props) {
  return (
    <PostForm action="/console/policy/what-if" csrf={csrf} label="What if" class="stack">
      <div class="field">
        <label for="candidate">Another policy</label>
        <textarea
          id="candidate"
          class="policy"
          name="policy"
          required
          spellcheck={false}
          rows={18}
          aria-describedby="candidate-hint"
        >
          {`\n${policy}`}
        </textarea>
        <span class="hint" id="candidate-hint">
          Begins as the one in force. Change it, and see what it would have said to recorded calls:
          as their callers, at their time, on tables as they are now. Limits, budgets and kill
          switches are not played through, and nothing runs.
        </span>
      </div>
      <div class="field">
        <label for="period">Calls of</label>
        <select id="period" name="days">
          {periods.map(([value, name]) => (
            <option value={value} selected={value === days}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div>
        <button class="primary">Try it</button>
      </div>
    </PostForm>
  )
}
