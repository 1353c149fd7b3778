import type { YamlFile } from './read-yaml.ts'
import { textsAt, valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/**
 * What parts of the file say that does not go together, as far as they can be read at all: the rest
 * of the file may be wrong in ways the schema reports.
 */
export function crossCheck(file: YamlFile): readonly Finding[] {
  return [
    ...repeated(file, ['issuers', '*', 'issuer'], 'the issuer is listed twice'),
    ...repeated(file, ['connections', '*', 'id'], 'the id of a connection is used twice'),
    ...repeated(file, ['connections', '*', 'projects', '*'], 'a project belongs to one connection'),
    ...repeated(file, ['rules', '*', 'id'], 'the id of a rule is used twice'),
    ...limitedDenials(file),
  ]
}

function repeated(file: YamlFile, pattern: readonly string[], message: string): Finding[] {
  const first = new Map<string, number>()
  const findings: Finding[] = []
  for (const { path, text } of textsAt(file.value, pattern)) {
    const span = file.spanOf(path)
    const before = first.get(text)
    if (before === undefined) first.set(text, span.start)
    else {
      const { line } = file.positionOf(before)
      findings.push({ span, path, message: `${message}, first on line ${line}: \`${text}\`` })
    }
  }
  return findings
}

function limitedDenials(file: YamlFile): readonly Finding[] {
  return textsAt(file.value, ['rules', '*', 'effect']).flatMap(({ path, text }) => {
    const rule = path.slice(0, -1)
    const limit = file.at([...rule, 'maximumBytesBilled'])
    if (text !== 'deny' || limit === undefined) return []
    const message = 'a deny rule permits nothing, so it limits nothing'
    return [{ span: limit.key ?? limit.span, path: [...rule, 'maximumBytesBilled'], message }]
  })
}

/** Claims that issuers are told to look at or to keep: the only ones that conditions get to see. */
export function namedClaims(file: YamlFile): ReadonlySet<string> {
  const patterns = [
    ['issuers', '*', 'requiredClaims', '*'],
    ['issuers', '*', 'groupMappings', '*', 'when', '*'],
  ]
  return new Set([
    ...patterns
      .flatMap((pattern) => valuesAt(file.value, pattern))
      .map(({ path }) => String(path.at(-1))),
    ...textsAt(file.value, ['issuers', '*', 'claims', 'record', '*']).map((claim) => claim.text),
  ])
}
