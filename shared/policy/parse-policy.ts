import { createHash } from 'node:crypto'

import { type Result, err, ok } from '../kernel/result.ts'
import { compileConditions } from './compile-conditions.ts'
import { crossCheck } from './cross-check.ts'
import { type SchemaProblem, explain, wording } from './explain-issue.ts'
import { policyFile } from './policy-file.ts'
import { type PolicyProblem, formatPath } from './policy-problem.ts'
import type { Policy, Rule } from './policy.ts'
import { type YamlFile, readYaml } from './read-yaml.ts'
import type { Finding } from './yaml-tree.ts'

/**
 * Reads and compiles the text of a policy file, or reports all that is wrong with it, in the order
 * of the file: YAML, schema, references between its parts, conditions. A policy with any problem is
 * no policy.
 */
export function parsePolicy(text: string): Result<Policy, readonly PolicyProblem[]> {
  const file = readYaml(text)
  if (file.value === undefined) return err(inOrder(file, file.findings))

  const parsed = policyFile.safeParse(file.value, { error: wording })
  const { conditions, findings } = compileConditions(file)
  const objections = [
    ...(parsed.success
      ? []
      : schemaFindings(
          file,
          parsed.error.issues.flatMap((i) => explain(i)),
        )),
    ...crossCheck(file),
    ...findings,
  ].filter(({ span, path }) => span.end <= file.soundUntil && file.at(path)?.opaque !== true)
  const all = [...file.findings, ...objections]
  if (!parsed.success || all.length > 0) return err(inOrder(file, all))

  const { issuers, connections, roles, data, policyTags, oracles, aggregates } = parsed.data
  return ok({
    digest: createHash('sha256').update(text, 'utf8').digest('hex'),
    issuers,
    connections,
    roles,
    governance: { data, policyTags, oracles, aggregates },
    limits: parsed.data.limits,
    rules: parsed.data.rules.map((written, index): Rule => {
      const { id, description, effect, maximumBytesBilled, maximumRows } = written
      const condition = conditions.get(index)
      if (condition === undefined) throw new Error(`the condition of rule ${id} was not compiled`)
      return {
        id,
        description,
        effect,
        ...condition,
        maximumBytesBilled,
        maximumRows,
        needsJustification: written.justification !== undefined,
        unmask: new Set(written.unmask),
      }
    }),
  })
}

function schemaFindings(file: YamlFile, problems: readonly SchemaProblem[]): readonly Finding[] {
  const seen = new Set<string>()
  return problems.flatMap(({ path, message, unknownKey }) => {
    // Several checks may object to one value; the first says enough.
    const where = formatPath(path)
    if (seen.has(where)) return []
    seen.add(where)
    const place = file.at(path)
    if (unknownKey) return [{ span: place?.key ?? file.spanOf(path), path, message }]
    return place === undefined
      ? [{ span: file.spanOf(path), path, message: `missing key \`${String(path.at(-1))}\`` }]
      : [{ span: place.span, path, message }]
  })
}

function inOrder(file: YamlFile, findings: readonly Finding[]): readonly PolicyProblem[] {
  return findings
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, path, message }) => ({
      ...file.positionOf(span.start),
      path: formatPath(path),
      message,
    }))
}
