import type { SqlType } from '../../shared/bigquery/sql-type.ts'

/** The type that SQL writes so: `ARRAY<STRUCT<a INT64>>`. */
export function typeOf(text: string): SqlType {
  const words = text.match(/\w+|[<>,]/g) ?? []
  let at = 0
  const eat = (word: string): void => {
    if (words[at++] !== word) throw new Error(`expected ${word} in ${text}`)
  }
  const read = (): SqlType => {
    const kind = words[at++] ?? ''
    if (kind === 'ARRAY' || kind === 'RANGE') {
      eat('<')
      const element = read()
      eat('>')
      return { kind, element }
    }
    if (kind !== 'STRUCT') return { kind } as SqlType
    const fields: { name: string; type: SqlType }[] = []
    eat('<')
    do {
      const name = words[at++] ?? ''
      fields.push({ name, type: read() })
    } while (words[at++] === ',')
    return { kind, fields }
  }
  return read()
}
