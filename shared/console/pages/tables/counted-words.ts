/** What figures were counted over: the calls of the 30 days that `GET /v1/tables` looks at unless told otherwise, or the newest of them. */
export function countedWords({
  calls,
  isAll,
}: {
  readonly calls: number
  readonly isAll: boolean
}): string {
  const number = calls.toLocaleString('en-US')
  return isAll
    ? `${number} calls of the last 30 days`
    : `the newest ${number} calls of the last 30 days`
}
