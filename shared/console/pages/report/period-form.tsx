/** Asks which period a report is to be about. */
export function PeriodForm() {
  return (
    <form method="get" action="/console/report" class="stack">
      <div class="fields">
        <div class="field">
          <label for="from">From</label>
          <input id="from" name="from" type="date" required />
        </div>
        <div class="field">
          <label for="to">To, that day included</label>
          <input id="to" name="to" type="date" required />
        </div>
      </div>
      <p class="muted">Days are UTC. At most 400 of them. To print it, use your browser's print.</p>
      <button type="submit" class="primary">
        Make the report
      </button>
    </form>
  )
}
