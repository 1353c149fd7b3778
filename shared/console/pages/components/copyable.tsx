/** An id or a digest, to be copied with one press where scripts run. */
export function Copyable({
  text,
  shown,
  what,
}: {
  readonly text: string
  /** What is seen of it. Default: all. */
  readonly shown?: string
  /** As in “Copy …”. */
  readonly what: string
}) {
  return (
    <span class="copyable">
      <code title={shown === undefined ? undefined : text}>{shown ?? text}</code>
      <button type="button" class="quiet" hidden data-copy={text} title={`Copy ${what}`}>
        <svg class="icon" viewBox="0 0 16 16" width="14" height="14" aria-hidden="true">
          <path d="M5.5 5.5v-4h9v9h-4m-9-5h9v9h-9z" />
        </svg>
        <span class="unseen">{`Copy ${what}`}</span>
      </button>
    </span>
  )
}
