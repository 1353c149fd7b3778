/** What nobody may go on after: under a path of the log there is something else already. */
export function conflict(path: string): Error {
  return new Error(`something else is there already, and the log cannot go on: \`${path}\``)
}
