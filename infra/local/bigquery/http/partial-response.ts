/** What a `fields` parameter keeps: names, each with what it keeps inside, or everything. */
interface Mask extends Map<string, Mask | 'all'> {}

/**
 * The parts of a reply that `fields` asks for: `a,b/c,d(e,f)`, with `*` for any name. Lists are looked
 * through. https://cloud.google.com/bigquery/docs/api-performance#partial-response
 */
export function partialResponse(reply: object, fields: string): unknown {
  return apply(reply, parseMask(fields.replaceAll(/\s/g, '')))
}

function apply(value: unknown, mask: Mask): unknown {
  if (Array.isArray(value)) return value.map((item) => apply(item, mask))
  if (typeof value !== 'object' || value === null) return value
  const kept: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    const inner = mask.get(name) ?? mask.get('*')
    if (inner !== undefined) kept.push([name, inner === 'all' ? member : apply(member, inner)])
  }
  return Object.fromEntries(kept)
}

function parseMask(fields: string): Mask {
  const mask: Mask = new Map()
  for (const item of splitOutside(fields)) {
    const [, name = '', rest = ''] = /^([^/(]*)(.*)$/.exec(item) ?? []
    const inner = rest.startsWith('/') ? rest.slice(1) : rest.replace(/^\((.*)\)$/, '$1')
    const before = mask.get(name)
    if (inner === '' || before === 'all') mask.set(name, 'all')
    else mask.set(name, new Map([...(before ?? []), ...parseMask(inner)]))
  }
  return mask
}

/** The parts between the commas that stand in no parentheses. */
function splitOutside(fields: string): readonly string[] {
  const items = ['']
  let depth = 0
  for (const character of fields) {
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (character === ',' && depth === 0) items.push('')
    else items.push((items.pop() ?? '') + character)
  }
  return items.filter((item) => item !== '')
}
