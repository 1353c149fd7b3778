import { type Condition, compileCondition } from './compile-condition.ts'
import { conditionLimits } from './condition-environment.ts'
import { namedClaims, namedTags } from './cross-check.ts'
import type { Rule } from './policy.ts'
import type { YamlFile } from './read-yaml.ts'
import { textsAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** The conditions of all rules, and what is wrong with them. */
export interface Conditions {
  /** By the index of the rule. */
  readonly conditions: ReadonlyMap<number, Condition>
  readonly findings: readonly Finding[]
}

/** Compiles every `when` of the file that is text. */
export function compileConditions(file: YamlFile): Conditions {
  const conditions = new Map<number, Condition>()
  const findings: Finding[] = []
  const known = { claims: [...namedClaims(file)], tags: [...namedTags(file)] }
  const effects = new Map(
    textsAt(file.value, ['rules', '*', 'effect']).map(({ path, text }) => [
      path[1],
      effectOf(text),
    ]),
  )
  for (const { path, text } of textsAt(file.value, ['rules', '*', 'when'])) {
    // The schema has said what is wrong with these.
    if (text === '' || text.length > conditionLimits.characters) continue
    const condition = compileCondition(text, known, effects.get(path[1]))
    if (condition.ok) conditions.set(Number(path[1]), condition.value)
    else
      for (const { offset, message } of condition.error)
        findings.push({ span: file.spanWithin(path, offset), path, message })
  }
  return { conditions, findings }
}

const effectOf = (written: string): Rule['effect'] =>
  written === 'permit' || written === 'require-approval' ? written : 'deny'
