import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

import { describe, expect, test } from 'vitest'

import { firestoreIndexes } from '../../infra/firestore-indexes.ts'
import { terraformModules, terraformTables } from '../../infra/terraform-tables.ts'

const root = join(import.meta.dirname, '../..')
const module = join(root, 'infra/terraform')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const under = (folder: string, ending: RegExp): readonly string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`)
const everyTf = under('infra/terraform', /^(?!.*\.terraform\/).*\.tf$/)

const functions = under('functions', /^[\w-]+\.ts$/)
  .filter((path) => read(path).startsWith('/** Cloud Function `'))
  .map((path) => basename(path, '.ts'))

test('terraform deploys every function there is, and no other', () => {
  const declared = [...read('infra/terraform/functions.tf').matchAll(/^ {4}([\w-]+) = \{$/gm)]
  expect(new Set(declared.map(([, name]) => name))).toEqual(new Set(functions))
  expect(functions).toHaveLength(9)
})

test('the indexes of terraform are those that the code asks for', () => {
  const written: unknown = JSON.parse(read('infra/terraform/firestore-indexes.json'))
  expect(written).toEqual(structuredClone(firestoreIndexes()))
})

/** A table without its columns. */
const plain = (text: string): string => text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---')

test.each(terraformModules)('the README of %s has its variables and outputs', (name) => {
  const written = plain(readFileSync(join(module, name, 'README.md'), 'utf8'))
  expect(written).toContain(plain(terraformTables(join(module, name))))
})

/** Every text in them: a message may have a name before it is logged. */
const textsOf = (files: readonly string[]) =>
  new Set(
    files.flatMap((text) => [...text.matchAll(/'((?:[^'\n\\]|\\.)+)'/g)].map(([, each]) => each)),
  )

describe('no file of terraform', () => {
  test.each([
    ['grants a primitive role', /"roles\/(owner|editor|viewer)"/],
    ['makes a key of a service account', /google_service_account_key\b/],
    // They take away what others were granted.
    ['sets all members of a role, or a whole policy', /google_\w+_iam_(binding|policy)\b/],
    ['lets in everybody with an account', /allAuthenticatedUsers/],
  ])('%s', (_what, pattern) => {
    expect(everyTf.length).toBeGreaterThan(15)
    expect(everyTf.filter((file) => pattern.test(read(file)))).toEqual([])
  })

  test('lets in anybody but where the variable names the function', () => {
    const open = everyTf.filter((file) => read(file).includes('allUsers'))
    expect(open).toEqual(['infra/terraform/functions.tf'])
    expect(read('infra/terraform/functions.tf').match(/allUsers/g)).toHaveLength(1)
  })
})

describe('what is read from the log', () => {
  const logging = under('functions', /\.ts$/).map(read)
  const sources = [...logging, ...under('shared', /\.tsx?$/).map(read)]
  const monitoring = read('infra/terraform/monitoring.tf')
  const found = (pattern: RegExp) => [
    ...new Set([...monitoring.matchAll(pattern)].map(([, each = '']) => each)),
  ]

  test('is written by some source, in these words', () => {
    const messages = found(/jsonPayload\.message=\\"([^"\\]+)\\"/g)
    expect(messages.length).toBeGreaterThan(5)
    const texts = textsOf(logging)
    expect(messages.filter((message) => !texts.has(message))).toEqual([])
  })

  test('has the fields that a line has', () => {
    const fields = found(/jsonPayload\.(\w+)/g).filter((field) => field !== 'message')
    expect(fields.toSorted()).toEqual(['decision', 'milliseconds', 'oldestSeconds', 'status'])
    const lines = logging.filter((text) => /\blog\(/.test(text)).join('\n')
    expect(fields.filter((field) => !new RegExp(`\\b${field}\\b`).test(lines))).toEqual([])
  })

  test('compares with decisions that there are', () => {
    const decisions = found(/jsonPayload\.decision=\\"([^"\\]+)\\"/g)
    expect(decisions.toSorted()).toEqual(['deny', 'permit', 'require-approval'])
    const texts = textsOf(sources)
    expect(decisions.filter((decision) => !texts.has(decision))).toEqual([])
  })
})

test('every alert names a section that the runbook has', () => {
  const sections = [...read('infra/terraform/alerts.tf').matchAll(/section += "([^"]+)"/g)]
  expect(sections.length).toBeGreaterThan(6)
  const runbook = 'docs/runbook.md'
  expect(existsSync(join(root, runbook))).toBe(true)
  const headings = [...read(runbook).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading)
  expect(sections.filter(([, section]) => !headings.includes(section))).toEqual([])
})

test('every command of the next steps is one that there is', () => {
  const outputs = read('infra/terraform/outputs.tf')
  const commands = [...outputs.matchAll(/npx sluice ([a-z]+) ([a-z]+)/g)]
  expect(commands.length).toBeGreaterThan(0)
  for (const [, command = '', verb = ''] of commands)
    expect(read(`functions/commands/${command}-${verb}.ts`)).toContain(`new Command('${verb}')`)
})
