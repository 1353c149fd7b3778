/** What was asked for, as an entry has it: strings by name; of several values JSON, of instants RFC 3339 as they came. */
export function filterOf(
  asked: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(asked).flatMap(([name, value]): readonly (readonly [string, string])[] => {
      const text = textOf(value)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}

function textOf(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.length === 1 ? textOf(value[0]) : JSON.stringify(value)
}
