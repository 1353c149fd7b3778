import type { z } from 'zod'

import { type Result, err, ok } from '../kernel/result.ts'
import { type SchemaProblem, explain, wording } from './explain-issue.ts'
import { type PolicyProblem, formatPath } from './policy-problem.ts'
import { type YamlFile, readYaml } from './read-yaml.ts'
import type { Finding } from './yaml-tree.ts'

/** Reads YAML as `schema` wants it, or reports all that is wrong with it, in the order of the file. */
export function readStrict<T>(
  text: string,
  schema: z.ZodType<T>,
): Result<T, readonly PolicyProblem[]> {
  const file = readYaml(text)
  if (file.value === undefined) return err(inOrder(file, file.findings))
  const parsed = schema.safeParse(file.value, { error: wording })
  const objections = parsed.success ? [] : schemaFindings(file, parsed.error)
  const sound = objections.filter(({ span }) => span.end <= file.soundUntil)
  const all = [...file.findings, ...sound]
  return parsed.success && all.length === 0 ? ok(parsed.data) : err(inOrder(file, all))
}

/** What a schema objects to, where it is written. */
export function schemaFindings(file: YamlFile, error: z.ZodError): readonly Finding[] {
  const seen = new Set<string>()
  return error.issues
    .flatMap((issue) => explain(issue))
    .flatMap(({ path, message, isKey }: SchemaProblem) => {
      // Several checks may object to one value; the first says enough.
      const where = formatPath(path)
      if (seen.has(where)) return []
      seen.add(where)
      const place = file.at(path)
      if (isKey) return [{ span: place?.key ?? file.spanOf(path), path, message }]
      return place === undefined
        ? [{ span: file.spanOf(path), path, message: `missing key \`${String(path.at(-1))}\`` }]
        : [{ span: place.span, path, message }]
    })
}

/** Findings as problems with line and column, first things first. */
export function inOrder(file: YamlFile, findings: readonly Finding[]): readonly PolicyProblem[] {
  return findings
    .toSorted((a, b) => a.span.start - b.span.start)
    .map(({ span, path, message }) => ({
      ...file.positionOf(span.start),
      path: formatPath(path),
      message,
    }))
}
