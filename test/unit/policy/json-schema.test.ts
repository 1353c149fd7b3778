import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { policyJsonSchema } from '../../../shared/policy/json-schema.ts'

const root = join(import.meta.dirname, '../../..')
const file = join(root, 'infra/policy/policy.schema.json')

test('policy.schema.json is what the code reads; `npx vitest run json-schema -u` writes it anew', async () => {
  const formatted = execFileSync(
    process.execPath,
    [join(root, 'node_modules/oxfmt/bin/oxfmt'), '--stdin-filepath=policy.schema.json'],
    { cwd: root, input: JSON.stringify(policyJsonSchema(), undefined, 2), encoding: 'utf8' },
  )
  await expect(formatted).toMatchFileSnapshot(file)
})

test('every setting is described', () => {
  const undescribed: string[] = []
  const visit = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [key, member] of Object.entries(schema)) {
      if (key !== 'properties') {
        visit(member, path)
        continue
      }
      for (const [name, setting] of Object.entries(member as Record<string, object>)) {
        if (!('description' in setting)) undescribed.push(`${path}.${name}`)
        visit(setting, `${path}.${name}`)
      }
    }
  }
  visit(policyJsonSchema(), '')
  expect(undescribed).toEqual([])
})

test('the example names the schema, so that editors find it', () => {
  const example = readFileSync(join(root, 'infra/policy/example.yaml'), 'utf8')
  expect(example).toMatch(/^# yaml-language-server: \$schema=\.\/policy\.schema\.json\n/)
})
