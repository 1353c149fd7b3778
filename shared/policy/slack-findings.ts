import type { YamlFile } from './read-yaml.ts'
import { valuesAt } from './values-at.ts'
import type { Finding } from './yaml-tree.ts'

/** Channels and users of Slack in a file that does not say of which workspace. */
export function slackFindings(file: YamlFile): readonly Finding[] {
  if (file.at(['slack']) !== undefined) return []
  const patterns = [
    ['approvals', '*', 'slackChannel'],
    ['approvals', '*', 'escalation', 'slackChannel'],
    ['people', '*', 'slackUser'],
  ]
  return patterns
    .flatMap((pattern) => valuesAt(file.value, pattern))
    .map(({ path }) => ({
      span: file.at(path)?.key ?? file.spanOf(path),
      path,
      message: 'of which workspace? `slack` says so, and is not there',
    }))
}
