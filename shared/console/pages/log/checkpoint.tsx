import { Copyable } from '../components/copyable.tsx'

/** The signed note as it is published, and the keys that sign it: for who verifies by themselves. */
export function Checkpoint({
  note,
  keys,
}: {
  readonly note: string
  readonly keys: readonly string[]
}) {
  return (
    <>
      <pre class="note-text" tabindex={0} role="group" aria-label="Signed checkpoint">
        <code>{note}</code>
      </pre>
      <h3>Keys of the log</h3>
      <ul class="names">
        {keys.map((key) => (
          <li>
            <Copyable text={key} what="the key" />
          </li>
        ))}
      </ul>
      <p class="muted">
        Keep a checkpoint now and then where we cannot reach it:{' '}
        <a href="/log/checkpoint">/log/checkpoint</a>. Only somebody who kept an earlier one sees
        that a log was cut off.
      </p>
    </>
  )
}
