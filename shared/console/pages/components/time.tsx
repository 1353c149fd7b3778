/** An instant: UTC without scripts; with them in the reader's zone, and UTC where the pointer rests. */
export function Time({
  at,
  precise,
}: {
  /** RFC 3339, UTC. */
  readonly at: string
  /** With milliseconds. */
  readonly precise?: boolean
}) {
  const utc = new Date(at).toISOString()
  const text = `${utc.slice(0, 10)} ${utc.slice(11, precise === true ? 23 : 19)}`
  return (
    <time
      datetime={utc}
      title={utc.replace('T', ' ').replace('Z', ' UTC')}
      data-precise={precise === true ? '' : undefined}
    >
      {`${text} UTC`}
    </time>
  )
}
