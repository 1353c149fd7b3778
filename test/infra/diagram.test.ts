import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { functionList } from '../../infra/build/bundle/function-list.ts'
import { renderDiagram } from '../../infra/build/diagram/render-diagram.ts'

const root = join(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const svg = read('docs/deployment.svg')
const text = svg.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
/** What it says, word for word, without what separates words. */
const words = new Set(
  [...text.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].flatMap(([, line = '']) =>
    line.split(/[\s,]+/),
  ),
)
const module = readdirSync(join(root, 'infra/terraform'))
  .filter((file) => file.endsWith('.tf'))
  .map((file) => read(`infra/terraform/${file}`))
  .join('\n')

/** Names of one kind that terraform makes, with the default of `name` in front. */
const made = (pattern: RegExp) =>
  [...module.matchAll(pattern)].map(([, name = '']) => `sluice-${name}`)

test('the drawing is what its source says: `node infra/build/deployment-diagram.ts` makes it', async () => {
  expect(svg).toBe(await renderDiagram(read('docs/deployment.dot')))
})

test('it has every function, and the account that each runs as', () => {
  expect(functionList.length).toBeGreaterThan(8)
  for (const { name } of functionList) {
    expect(words).toContain(name)
    expect(words).toContain(`sluice-${name}`)
  }
})

test('it has every other account that terraform makes', () => {
  const accounts = made(/account_id +=\s+"\$\{var\.name\}-([a-z-]+)"/g)
  expect(accounts).toEqual(['sluice-push', 'sluice-build'])
  for (const account of accounts) expect(words).toContain(account)
})

test('it has every topic, and the one for what cannot be delivered', () => {
  const [, list = ''] =
    /google_pubsub_topic" "approvals" \{\n +for_each = toset\(\[(.*)\]\)/.exec(module) ?? []
  const topics = [...list.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
  expect(topics).toHaveLength(2)
  for (const topic of topics) {
    expect(words).toContain(topic)
    expect(words).toContain(`${topic}-dead-letter`)
  }
})

test('it has every database', () => {
  const databases = made(
    /"google_firestore_database" "\w+" \{\n.*\n +name +=\s+"\$\{var\.name\}-([a-z-]+)"/g,
  )
  expect(databases).toEqual(['sluice-entries', 'sluice-operations'])
  for (const database of databases) expect(words).toContain(database)
})

test('it is legible on a dark page: it brings a sheet of its own, and asks for no font or file', () => {
  expect(svg).toContain('fill="#ffffff"/>\n<g id="graph0"')
  expect(svg).not.toMatch(/href="(?!#)|@import|@font-face|url\(/)
})
