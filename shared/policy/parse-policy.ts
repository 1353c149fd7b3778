import { createHash } from 'node:crypto'

import { type Result, err, ok } from '../kernel/result.ts'
import { compileConditions } from './compile-conditions.ts'
import { crossCheck } from './cross-check.ts'
import { wording } from './explain-issue.ts'
import { policyFile } from './policy-file.ts'
import type { PolicyProblem } from './policy-problem.ts'
import type { Policy, Rule } from './policy.ts'
import { inOrder, schemaFindings } from './read-strict.ts'
import { readYaml } from './read-yaml.ts'

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
    ...(parsed.success ? [] : schemaFindings(file, parsed.error)),
    ...crossCheck(file),
    ...findings,
  ].filter(({ span, path }) => span.end <= file.soundUntil && file.at(path)?.opaque !== true)
  const all = [...file.findings, ...objections]
  if (!parsed.success || all.length > 0) return err(inOrder(file, all))

  const { issuers, connections, roles, data, policyTags, oracles, aggregates } = parsed.data
  return ok({
    digest: createHash('sha256').update(text, 'utf8').digest('hex'),
    text,
    issuers,
    connections,
    roles,
    governance: { data, policyTags, oracles, aggregates },
    limits: parsed.data.limits,
    approvals: new Map(parsed.data.approvals.map((terms) => [terms.id, terms])),
    people: parsed.data.people,
    slack: parsed.data.slack,
    record: parsed.data.record,
    telemetry: parsed.data.telemetry,
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
        approval: written.approval,
        unmask: new Set(written.unmask),
      }
    }),
  })
}
