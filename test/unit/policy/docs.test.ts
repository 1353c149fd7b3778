import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { parsePolicy } from '../../../shared/policy/parse-policy.ts'
import { formatProblems } from '../../../shared/policy/policy-problem.ts'

const root = join(import.meta.dirname, '../../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

test('the approvals of the docs are those of a policy', () => {
  const [, block = ''] = /```yaml\n(approvals:[\s\S]*?)```/.exec(read('docs/approvals.md')) ?? []
  const example = read('infra/policy/example.yaml')
  const policy = example
    .replace(/^approvals:\n(?:[ #].*\n|\n)*/m, `${block}\n`)
    .replace(/^roles:\n/m, 'roles:\n  privacy-leads: approver\n')
    .replace(/# (slack: \{.*\})/, '$1')
  const parsed = parsePolicy(policy)
  expect(parsed.ok ? '' : formatProblems(parsed.error, 'policy.yaml')).toBe('')
  expect(parsed.ok && [...parsed.value.approvals.keys()]).toEqual(['privacy-office'])
})

test('the record section of the docs is that of a policy', () => {
  const [, block = ''] = /```yaml\n(record:[\s\S]*?)```/.exec(read('docs/record.md')) ?? []
  const policy = read('infra/policy/example.yaml').replace(/^record:\n(?: .*\n)*/m, `${block}\n`)
  const parsed = parsePolicy(policy)
  expect(parsed.ok ? '' : formatProblems(parsed.error, 'policy.yaml')).toBe('')
  expect(parsed.ok && parsed.value.record.retention.classes.map(({ id }) => id)).toEqual([
    'claims',
    'trials',
    'refused',
  ])
})

test('the telemetry section of the docs is that of a policy', () => {
  const [, block = ''] = /```yaml\n(telemetry:[\s\S]*?)```/.exec(read('docs/telemetry.md')) ?? []
  const parsed = parsePolicy(`${read('infra/policy/example.yaml')}\n${block}`)
  expect(parsed.ok ? '' : formatProblems(parsed.error, 'policy.yaml')).toBe('')
  expect(parsed.ok && parsed.value.telemetry.queryText).toBe('without-literals')
})
